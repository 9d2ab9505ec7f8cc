import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Json } from '../change/json.ts'
import type { Store } from '../store/store.ts'
import type { WriteKey, WriteKeys } from './metrics-side.ts'

type KeptKey = WriteKey & Readonly<{ hash: string }>

const room = 'metric-keys'

/** Seen at the beginning of a key, so that people know it where they find it. */
const beginning = 'tdmm_'

/**
 * The keys of whoever sends samples and may do nothing else. A key is 32 random bytes, so nobody can guess it from its hash
 * however fast that is. The id is the beginning of the hash.
 */
export function writeKeys({ records }: Pick<Store, 'records'>, now: () => number): WriteKeys {
  return {
    create: async ({ name, who }) => {
      const secret = `${beginning}${randomBytes(32).toString('base64url')}`
      const hashed = hash('sha256', secret)
      const key: WriteKey = { id: idIn(hashed), name, who, createdAt: now() }
      await records.put(room, key.id, { ...key, hash: hashed } satisfies Json)
      return { key, secret }
    },
    check: async (secret) => {
      if (!secret.startsWith(beginning)) return null
      const hashed = hash('sha256', secret)
      const kept = (await records.get(room, idIn(hashed))) as KeptKey | undefined
      return kept !== undefined && isEqual(kept.hash, hashed) ? shown(kept) : null
    },
    list: async () => {
      const kept = await records.list(room)
      return kept.map(({ value }) => shown(value as KeptKey)).toSorted((a, b) => a.createdAt - b.createdAt)
    },
    revoke: async (id) => {
      if ((await records.get(room, id)) === undefined) return false
      await records.remove(room, id)
      return true
    },
  }
}

const idIn = (hashed: string): string => hashed.slice(0, 12)

const isEqual = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(a), Buffer.from(b))

function shown({ id, name, who, createdAt }: KeptKey): WriteKey {
  return { id, name, who, createdAt }
}
