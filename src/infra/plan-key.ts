import { randomBytes } from 'node:crypto'
import type { Store } from '../store/store.ts'

/** The key under which secrets are named in plans: made once, kept in the store. */
export async function planKey(store: Store): Promise<string> {
  const found = await store.records.get('keys', 'settings')
  if (typeof found === 'string') return found
  const made = randomBytes(32).toString('hex')
  await store.records.put('keys', 'settings', made)
  return made
}
