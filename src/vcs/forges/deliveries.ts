import { createHash } from 'node:crypto'
import type { Records } from '../../store/store.ts'

/** Which webhooks were taken already. It outlives the hub. */
export type Deliveries = Readonly<{
  /** Writes this delivery down; false when it was taken before. */
  isNew: (repo: string, body: Uint8Array, at: number) => Promise<boolean>
  /** Forgets what is older than a month, and the oldest beyond what is kept. */
  prune: (at: number) => Promise<void>
}>

const room = 'webhooks'
const keptMs = 30 * 86_400_000
const mostKept = 50_000

/**
 * A delivery is told from others by its body alone: that is what is signed, while whoever sends a copy again is free to
 * give it another id. A forge that really says the same twice loses nothing, as the refs are looked at anyway.
 */
export function keepDeliveries(records: Records): Deliveries {
  const beingWritten = new Set<string>()
  return {
    isNew: async (repo, body, at) => {
      const key = `${repo}/${createHash('sha256').update(body).digest('hex')}`
      if (beingWritten.has(key)) return false
      beingWritten.add(key)
      try {
        if ((await records.get(room, key)) !== undefined) return false
        await records.put(room, key, at)
        return true
      } finally {
        beingWritten.delete(key)
      }
    },
    prune: async (at) => {
      const kept = (await records.list(room)).map(({ key, value }) => ({ key, at: Number(value) }))
      const newestFirst = kept.toSorted((one, other) => other.at - one.at)
      for (const [nth, one] of newestFirst.entries()) {
        if (nth >= mostKept || at - one.at > keptMs) await records.remove(room, one.key)
      }
    },
  }
}
