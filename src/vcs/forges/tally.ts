/** What became of the webhooks of one repository since the hub began. */
export type Count = Readonly<{
  taken: number
  lastTakenAt: number | null
  /** Sent again. */
  repeated: number
  refused: number
  lastRefusal: Readonly<{ at: number; why: string }> | null
}>

/** Counts webhooks, and says of refused ones at most one line a minute. */
export type Tally = Readonly<{
  of: (repo: string) => Count
  taken: (repo: string, at: number) => void
  repeated: (repo: string) => void
  /** `repo` is null for all those that there are not: their names are whatever somebody thought of. */
  refused: (repo: string | null, why: string, at: number) => void
}>

const noCount: Count = { taken: 0, lastTakenAt: null, repeated: 0, refused: 0, lastRefusal: null }
const quietMs = 60_000

export function makeTally(tell: (line: string) => void): Tally {
  const counts = new Map<string, Count>()
  const told = new Map<string | null, Readonly<{ at: number; untold: number }>>()
  const of = (repo: string): Count => counts.get(repo) ?? noCount
  return {
    of,
    taken: (repo, at) => void counts.set(repo, { ...of(repo), taken: of(repo).taken + 1, lastTakenAt: at }),
    repeated: (repo) => void counts.set(repo, { ...of(repo), repeated: of(repo).repeated + 1 }),
    refused: (repo, why, at) => {
      if (repo !== null) {
        counts.set(repo, { ...of(repo), refused: of(repo).refused + 1, lastRefusal: { at, why } })
      }
      const last = told.get(repo)
      if (last !== undefined && at - last.at < quietMs) {
        told.set(repo, { ...last, untold: last.untold + 1 })
        return
      }
      const others = last === undefined || last.untold === 0 ? '' : ` (and ${last.untold} before it)`
      const whose = repo === null ? 'no repository that a forge holds' : repo
      tell(`refused a webhook for ${whose}${others}: ${why}`)
      told.set(repo, { at, untold: 0 })
    },
  }
}
