import type { Heard } from '../../e2e/repos/pushing.ts'
import type { Entry } from '../../src/change/entry.ts'
import type { Run } from '../../src/store/runs.ts'

/** How one push came to be live, in milliseconds. */
export type Way = Readonly<{
  /** Until the terminal of who pushed had the first line of its run. */
  firstLineMs: number
  /** Until it said that the commit is live. */
  liveMs: number
  /** Of it, the time in which the app's own tests ran. */
  testMs: number
  /** One after the other. */
  parts: Readonly<{
    /** From the push to the moment the run waits. */
    taken: number
    ci: number
    /** From the end of the run to the order of its change. */
    train: number
    plan: number
    /** All stages, with what they watch. */
    stages: number
    settle: number
    /** From the end of the change to the line that says so. */
    told: number
  }>
}>

const liveLine = /^c\d+ done: \w+ \w+ is live on (\d+) of \1 host/

/** Throws where the push did not come to be live, or was not told of it. */
export function wayOf(heard: readonly Heard[], run: Run, entries: readonly Entry[]): Way {
  const first = heard.find(({ line }) => line.startsWith(`${run.id}: `))
  const live = heard.find(({ line }) => liveLine.test(line))
  const test = run.jobs.find(({ name }) => name === 'test')
  if (first === undefined || live === undefined || test === undefined || run.endedAt === null)
    throw new Error(`not told to its end: ${JSON.stringify(heard)}`)
  const at = (type: Entry['type']): number => {
    const entry = entries.find((one) => one.type === type)
    if (entry === undefined) throw new Error(`the change was never ${type}`)
    return entry.at
  }
  const [ordered, planned, decided, finished] = [at('ordered'), at('planned'), at('decided'), at('finished')]
  const known = finished - run.orderedAt
  const ends = { ci: run.endedAt - run.orderedAt, train: ordered - run.endedAt, plan: planned - ordered }
  const rest = { stages: decided - planned, settle: finished - decided }
  // By the first line we know when the run was ordered by the clock of who pushed, to some milliseconds.
  const told = Math.max(0, live.ms - first.ms - known)
  return {
    firstLineMs: first.ms,
    liveMs: live.ms,
    testMs: (test.endedAt ?? 0) - (test.startedAt ?? 0),
    parts: { taken: first.ms, ...ends, ...rest, told },
  }
}
