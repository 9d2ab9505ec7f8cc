import type { Aside } from '../../change/occurrence.ts'
import type { ChangeId } from '../../change/order.ts'
import { isOver, type Status } from '../../change/status.ts'
import type { HoldView, TrainPlace } from '../../api/wire/code.ts'
import { isGreen, type Run, type RunId } from '../../store/runs.ts'

/** A commit that came to the branch. */
export type Arrival = Readonly<{ commit: string; subject: string; who: string }>

/** A change of the target, as far as the train must know it. */
export type Tried = Readonly<{
  change: ChangeId
  commit: string | null
  status: Status
  who: string
  why: string
  reverts: ChangeId | null
  /** The number of its last entry. */
  seq: number
}>

/** All that is known of one target whose branch goes live on green. */
export type LaneState = Readonly<{
  target: string
  /** Newest first. */
  arrivals: readonly Arrival[]
  /** Of the branch, newest first. */
  runs: readonly Run[]
  /** Newest first. */
  tried: readonly Tried[]
  /** The last word about holding it. */
  lastHold: Extract<Aside, { type: 'held' | 'released' }> | null
  /** The freeze that it is in, as it was written. */
  frozen: string | null
  now: number
}>

/** What should be ordered, and by whom: who pushed the commit. */
export type Proposal = Readonly<{ commit: string; run: RunId; who: string; why: string }>

export type Decision = Readonly<{
  places: readonly TrainPlace[]
  hold: HoldView | null
  go: Proposal | null
  /** A hold that must be written down, because somebody took back what was live. */
  holdAnew: Readonly<{ who: string; why: string }> | null
}>

/**
 * What happens next on one target. The newest green commit goes, older ones are passed by, and none goes that was tried
 * before or that came before one that was: what somebody took back does not come again by itself. Pure.
 */
export function whatNow(lane: LaneState): Decision {
  const holdAnew = holdAfterRevert(lane)
  const hold =
    holdAnew === null ? holdOf(lane) : { target: lane.target, ...holdAnew, since: lane.now, until: null }
  const open = lane.tried.find(({ status }) => !isOver(status)) ?? null
  const waiting = untried(lane).map((arrival) => ({ arrival, run: runOf(lane, arrival.commit) }))
  const green = waiting.findIndex(({ run }) => run !== null && isGreen(run.outcome))
  const testing = (green === -1 ? waiting : waiting.slice(0, green)).filter(
    ({ run }) => run === null || run.outcome === null,
  )
  const places = testing.map(({ arrival, run }) => place(lane, arrival, { run, status: 'testing' }))
  const next = waiting[green]
  if (next !== undefined && next.run !== null) {
    places.push(place(lane, next.arrival, { run: next.run, ...standing(lane, hold, open) }))
  }
  const isFree = hold === null && lane.frozen === null && open === null
  return {
    places: [...places, ...goingNow(lane, open)],
    hold,
    holdAnew,
    go:
      isFree && next !== undefined && next.run !== null
        ? { commit: next.arrival.commit, run: next.run.id, who: next.arrival.who, why: next.arrival.subject }
        : null,
  }
}

/** The hold that is in force, if any. */
export function holdOf({
  target,
  lastHold,
  now,
}: Pick<LaneState, 'target' | 'lastHold' | 'now'>): HoldView | null {
  if (lastHold?.type !== 'held' || (lastHold.until !== null && lastHold.until <= now)) return null
  const { who, why, at, until } = lastHold
  return { target, who, why, since: at, until }
}

/** A revert that is younger than the last word about holding. */
function holdAfterRevert({ tried, lastHold }: LaneState): Decision['holdAnew'] {
  const revert = tried.find(({ status, reverts }) => status === 'done' && reverts !== null)
  if (revert === undefined || revert.seq < (lastHold?.seq ?? 0)) return null
  const reason = revert.why === '' ? '' : `: ${revert.why}`
  return { who: revert.who, why: `${revert.change} took ${revert.reverts ?? ''} back${reason}` }
}

/** Commits that came after every one that was tried, newest first, each once. */
function untried({ arrivals, tried }: LaneState): readonly Arrival[] {
  const known = new Set(tried.map(({ commit }) => commit))
  const end = arrivals.findIndex(({ commit }) => known.has(commit))
  const fresh = end === -1 ? arrivals : arrivals.slice(0, end)
  return fresh.filter(({ commit }, nth) => fresh.findIndex((other) => other.commit === commit) === nth)
}

/** The newest run of a commit that nobody cancelled decides. */
const runOf = ({ runs }: LaneState, commit: string): Run | null =>
  runs.find((run) => run.commit === commit && run.outcome !== 'cancelled') ?? null

type Standing = Pick<TrainPlace, 'status' | 'why'>

function standing(lane: LaneState, hold: HoldView | null, open: Tried | null): Standing {
  if (hold !== null) return { status: 'held', why: `${hold.who}: ${hold.why}` }
  if (lane.frozen !== null) return { status: 'frozen', why: lane.frozen }
  if (open !== null) return { status: 'waiting', why: `${open.change} is under way` }
  return { status: 'green', why: null }
}

function goingNow(lane: LaneState, open: Tried | null): readonly TrainPlace[] {
  if (open === null || open.commit === null) return []
  const arrival = lane.arrivals.find(({ commit }) => commit === open.commit)
  const known = arrival ?? { commit: open.commit, subject: open.why, who: open.who }
  const run = runOf(lane, open.commit)
  return [place(lane, known, { run, status: 'going', change: open.change })]
}

function place(
  { target }: LaneState,
  { commit, subject, who }: Arrival,
  at: Readonly<{ run: Run | null; status: TrainPlace['status']; why?: string | null; change?: ChangeId }>,
): TrainPlace {
  const { run, status, why = null, change = null } = at
  return { target, commit, subject, who, run: run?.id ?? null, status, why, change }
}
