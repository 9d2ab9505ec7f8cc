import { randomBytes } from 'node:crypto'
import type { Records } from './store.ts'

const room = 'keys'
const key = 'settings'

/** The key under which settings and secrets are named in plans, so that a digest tells nobody what it is of. Made once. */
export async function settingsKey(records: Records): Promise<string> {
  const found = await records.get(room, key)
  if (typeof found === 'string') return found
  const made = randomBytes(32).toString('hex')
  await records.put(room, key, made)
  return made
}
