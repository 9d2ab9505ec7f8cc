import type { EnvironmentUse } from '../../api/wire/flag-use.ts'
import type { FlagView } from '../../api/wire/flags.ts'

/** Why a flag may be done with. */
export type Staleness =
  | Readonly<{ type: 'never asked for'; since: number }>
  | Readonly<{ type: 'always the same'; variant: string | null; since: number }>
  | Readonly<{ type: 'expired'; on: string }>

export type StaleFlag = Readonly<{ key: string; owner: string | null; why: readonly Staleness[] }>

export type Judged = Readonly<{
  stale: readonly StaleFlag[]
  /** What is not known yet or not for sure, in sentences. */
  doubts: readonly string[]
}>

const dayMs = 86_400_000
/** Who wants a flag to stay as it is says so with this tag. */
const keptTag = 'permanent'

/** Which flags look forgotten, after so many days. Those that are meant to stay are no matter how they are used. */
export function judge(
  flags: readonly FlagView[],
  use: EnvironmentUse,
  { now, days }: Readonly<{ now: number; days: number }>,
): Judged {
  const from = now - days * dayMs
  const used = new Map(use.flags.map((each) => [each.flag, each]))
  const stale = flags.flatMap((view): readonly StaleFlag[] => {
    const { key, flag, at } = view
    const { owner = null, expires, tags = [] } = flag.about ?? {}
    const isKept = tags.includes(keptTag) || flag.knob !== undefined
    const found = used.get(key) ?? null
    const lastAt = found?.lastAt ?? null
    const why: Staleness[] = []
    if (expires !== undefined && Date.parse(expires) <= now) why.push({ type: 'expired', on: expires })
    const isOld = at <= from && use.since <= from
    if (isOld && !isKept && (lastAt === null || lastAt < from))
      why.push({ type: 'never asked for', since: lastAt ?? use.since })
    const same = found?.same ?? null
    // An answer is only always the same where nobody changed the flag meanwhile.
    if (isOld && !isKept && lastAt !== null && lastAt >= from && same !== null && same.at <= from)
      why.push({ type: 'always the same', variant: same.variant, since: same.at })
    return why.length === 0 ? [] : [{ key, owner, why }]
  })
  return { stale, doubts: doubtsOf(use, from, days) }
}

function doubtsOf({ since, bulkAt }: EnvironmentUse, from: number, days: number): readonly string[] {
  const young =
    since > from
      ? [
          `flags are counted since ${dayOf(since)}: which are not asked for can be told from ${dayOf(since + days * dayMs)} on`,
        ]
      : []
  const bulk =
    bulkAt === null
      ? []
      : [
          `pages were given all flags at once, the last time on ${dayOf(bulkAt)}: which of them they used, only those with @tandem/sdk tell`,
        ]
  return [...young, ...bulk]
}

export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** One line for people. */
export function whyText(why: Staleness): string {
  switch (why.type) {
    case 'never asked for':
      return `not asked for since ${dayOf(why.since)}`
    case 'always the same':
      return `always ${why.variant ?? "the program's own default"} since ${dayOf(why.since)}`
    case 'expired':
      return `was to be gone by ${why.on}`
  }
}
