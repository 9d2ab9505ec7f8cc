import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { FlagKey, FlagKeys, KeyKind } from '../api/wire/flags.ts'
import type { FlagWorld } from './flag-world.ts'

type KeptKey = FlagKey & Readonly<{ hash: string }>

const room = 'flag-keys'

/** Seen at the beginning of a key, so that a server key in the code of a page is noticed. */
const beginnings: Readonly<Record<KeyKind, string>> = { server: 'tdms_', browser: 'tdmb_' }

/**
 * The keys of programs. A key is 32 random bytes, so nobody can guess it from its hash however fast that is. The id is the
 * beginning of the hash.
 */
export function flagKeys(
  { store, now }: FlagWorld,
  refuseUnknown: (environment: string) => Promise<void>,
): FlagKeys {
  return {
    create: async (wish) => {
      await refuseUnknown(wish.environment)
      const secret = `${beginnings[wish.kind]}${randomBytes(32).toString('base64url')}`
      const hashed = hash('sha256', secret)
      const key: FlagKey = { id: idIn(hashed), ...wish, createdAt: now() }
      await store.records.put(room, key.id, { ...key, hash: hashed } satisfies KeptKey)
      return { key, secret }
    },
    check: async (secret) => {
      const hashed = hash('sha256', secret)
      const kept = (await store.records.get(room, idIn(hashed))) as KeptKey | undefined
      return kept !== undefined && isEqual(kept.hash, hashed) ? shown(kept) : null
    },
    list: async () => {
      const kept = await store.records.list(room)
      return kept.map(({ value }) => shown(value as KeptKey)).toSorted((a, b) => a.createdAt - b.createdAt)
    },
    revoke: async (id) => {
      if ((await store.records.get(room, id)) === undefined) return false
      await store.records.remove(room, id)
      return true
    },
  }
}

const idIn = (hashed: string): string => hashed.slice(0, 12)

const isEqual = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(a), Buffer.from(b))

function shown({ id, kind, environment, label, who, createdAt }: KeptKey): FlagKey {
  return { id, kind, environment, label, who, createdAt }
}
