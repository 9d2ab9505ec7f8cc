import { z } from 'zod'
import type { Records } from '../../store/store.ts'
import type { ForgeRequest } from './event.ts'

/** What webhooks said of pull requests and merge requests. */
export type Requests = Readonly<{
  heard: (repo: string, request: ForgeRequest, at: number) => Promise<void>
  /** The request whose commits this ref has; null where no webhook told of it. */
  at: (repo: string, ref: string) => ForgeRequest | null
  /** Open ones, newest first. */
  open: (repo: string) => readonly ForgeRequest[]
  /** Forgets those that are closed, or that nobody has touched for months. */
  prune: (at: number) => Promise<void>
}>

const room = 'requests'
const closedKeptMs = 30 * 86_400_000
const keptMs = 365 * 86_400_000

const shape = z.object({
  repo: z.string(),
  at: z.number(),
  request: z.object({
    number: z.number(),
    ref: z.string(),
    head: z.string(),
    title: z.string(),
    onto: z.string(),
    author: z.string().nullable(),
    isFork: z.boolean(),
    isOpen: z.boolean(),
  }),
})

type Kept = z.output<typeof shape>

export async function openRequests(records: Records): Promise<Requests> {
  const kept = new Map<string, Kept>()
  for (const { key, value } of await records.list(room)) {
    const read = shape.safeParse(value)
    if (read.success) kept.set(key, read.data)
    else await records.remove(room, key)
  }
  const keyOf = (repo: string, ref: string) => `${repo}/${ref}`
  return {
    heard: async (repo, said, at) => {
      const key = keyOf(repo, said.ref)
      // A forge that names the author only now and then does not take the name back.
      const request = { ...said, author: said.author ?? kept.get(key)?.request.author ?? null }
      kept.set(key, { repo, at, request })
      await records.put(room, key, { repo, at, request })
    },
    at: (repo, ref) => kept.get(keyOf(repo, ref))?.request ?? null,
    open: (repo) =>
      [...kept.values()]
        .filter((each) => each.repo === repo && each.request.isOpen)
        .map(({ request }) => request)
        .toSorted((one, other) => other.number - one.number),
    prune: async (at) => {
      for (const [key, each] of kept) {
        if (at - each.at <= (each.request.isOpen ? keptMs : closedKeptMs)) continue
        kept.delete(key)
        await records.remove(room, key)
      }
    },
  }
}
