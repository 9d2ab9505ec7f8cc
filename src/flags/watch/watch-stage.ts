import type { Stage } from '../../change/plan.ts'
import { TroubleError } from '../../change/trouble.ts'
import type { Watched, Work } from '../../pipeline/kind.ts'
import { took } from '../../words/time.ts'
import type { Book } from '../book.ts'
import type { FlagWorld } from '../flag-world.ts'
import { type Deed, deedOf } from '../step.ts'
import { expectationsOf } from './expectations.ts'
import { evidenceOf, type Seen, seenOnce, standingOf, unseen } from './seen.ts'

export type Watching = Readonly<{
  world: FlagWorld
  book: Book
  work: Work
  stage: Stage
  /** Throws where somebody has altered what the stage did. */
  refuseAltered: () => void
  isOverruled: () => boolean
}>

/** Timers go up to 24 days. */
const longestSleepMs = 3_600_000
const [shortestPaceMs, longestPaceMs, looksPerStage] = [1_000, 10_000, 10]
/** After this long without a word on whether it is well, a stage is taken back. */
const longestHoldMs = 24 * 3_600_000

/**
 * Looks at what is expected for as long as the stage says, counted from when it began, and gives way at once to whoever
 * alters the flag. A stage for which it does not hold, or of which nobody knows, goes on to no other: it is held.
 */
export async function watchStage(watching: Watching, signal: AbortSignal): Promise<Watched> {
  const { world, work, stage, isOverruled } = watching
  const forMs = stage.watch?.forMs ?? 0
  const endMs = (await beganAt(world, work.change, stage)) + forMs
  const expected = expectationsOf(work.plan)
  const paceMs = expected.length === 0 ? longestSleepMs : paceOf(forMs)
  let seen: readonly Seen[] = expected.map(unseen)
  while (!signal.aborted) {
    watching.refuseAltered()
    const next = await lookedOnce(world, seen)
    tell(watching, seen, next)
    seen = next
    const [standing, leftMs] = [standingOf(seen), endMs - world.now()]
    const mayPass = standing === 'healthy' || expected.length === 0 || isOverruled()
    const verdict = standing === 'doubtful' ? 'harmful' : standing
    if (standing === 'harmful' && !isOverruled()) return { verdict, evidence: evidenceOf(seen) }
    if (leftMs <= 0 && mayPass) return { verdict, evidence: evidenceOf(seen) }
    if (leftMs < -longestHoldMs) throw heldTooLong(stage, seen)
    await calm(watching, leftMs > 0 ? Math.min(leftMs, paceMs) : paceMs, signal)
  }
  return { verdict: 'no data', evidence: evidenceOf(seen) }
}

const paceOf = (forMs: number): number =>
  Math.min(longestPaceMs, Math.max(shortestPaceMs, forMs / looksPerStage))

async function beganAt({ store, now }: FlagWorld, change: string, stage: Stage): Promise<number> {
  const entries = await store.ledger.of(change)
  const began = entries.find((entry) => entry.type === 'stage-started' && entry.stage === stage.name)
  return began?.at ?? now()
}

function lookedOnce({ measure }: FlagWorld, seen: readonly Seen[]): Promise<readonly Seen[]> {
  return Promise.all(seen.map(async (one) => seenOnce(one, await measure(one.expectation.query))))
}

/** Says it where it becomes another, and each look that goes against it. */
function tell({ work, stage }: Watching, before: readonly Seen[], seen: readonly Seen[]): void {
  const [first] = stage.steps
  const [was, is] = [before.some(({ looks }) => looks > 0) ? standingOf(before) : null, standingOf(seen)]
  if (first === undefined || seen.length === 0 || (was === is && is !== 'doubtful')) return
  const [worst = ''] = evidenceOf(seen)
  work.say(first.id, null, `${words[is]}: ${worst}`)
}

const words = {
  healthy: 'all is as it should be',
  doubtful: 'held',
  harmful: 'this does harm',
  'no data': 'held, as nobody can tell',
} as const

function heldTooLong({ name }: Stage, seen: readonly Seen[]): TroubleError {
  return new TroubleError({
    what: `the stage ${name} was held for ${took(longestHoldMs)}, and nobody could tell whether it is well`,
    tail: evidenceOf(seen),
    now: 'see that its queries answer with one number each, and roll it out again',
  })
}

/** Resolves after so long, or as soon as something alters there. */
async function calm({ world, book, stage }: Watching, ms: number, signal: AbortSignal): Promise<void> {
  const altered = new AbortController()
  const leave = environmentsOf(stage.steps.map(deedOf)).map((environment) =>
    book.environment(environment).seen.subscribe(() => altered.abort()),
  )
  try {
    await world.sleep(ms, AbortSignal.any([signal, altered.signal]))
  } finally {
    for (const one of leave) one()
  }
}

const environmentsOf = (deeds: readonly Deed[]): readonly string[] => [
  ...new Set(deeds.map(({ environment }) => environment)),
]
