import type { BoundState } from '../../api/wire/flags.ts'
import type { Binding } from '../../../sdk/flag/bound.ts'

/** How a measure stands to its threshold; between threshold and `until` nothing is turned in any direction. */
export type Phase = 'unknown' | 'beyond' | 'between' | 'well'

/** All that a turn is decided by. */
export type Seen = Readonly<{
  binding: Binding
  state: BoundState
  /** What everybody gets now. */
  value: number
  measured: number | null
  /** Since when the measure was seen in this phase without a break. */
  since: number
  now: number
}>

/** Where a knob is turned now, or why it is not. */
export type Decision =
  | Readonly<{ type: 'turn'; to: number; why: string }>
  | Readonly<{ type: 'wait'; why: string }>

export function phaseOf({ side, threshold, until }: Binding, measured: number | null): Phase {
  if (measured === null || !Number.isFinite(measured)) return 'unknown'
  const sign = side === 'above' ? 1 : -1
  if (sign * measured > sign * threshold) return 'beyond'
  return sign * measured > sign * until ? 'between' : 'well'
}

/** Never leaves the bounds of the knob, never turns twice within `every`, and turns nothing it has no number for. */
export function decide(seen: Seen): Decision {
  const { binding, state, value, measured, now } = seen
  const phase = phaseOf(binding, measured)
  if (measured === null || phase === 'unknown') return wait('the query answers with no single number')
  if (state.byHand !== null && now - state.byHand.at < binding.pauseMs)
    return wait(`${state.byHand.who} turned it by hand`)
  const turnedAt = state.turned?.at ?? -Infinity
  if (now - turnedAt < binding.everyMs) return wait('it was turned a moment ago')
  if (phase === 'between') return wait('all is neither ill nor well')
  if (phase === 'well' && now - Math.max(turnedAt, seen.since) < binding.backMs)
    return wait('all is not well for long enough')
  const to = towards(binding, value, phase === 'beyond' ? binding[binding.to] : state.rest)
  if (to === value)
    return wait(phase === 'beyond' ? `it is at its ${binding.to}` : 'it is where people put it')
  return { type: 'turn', to, why: evidence(seen, measured, { phase, to }) }
}

const wait = (why: string): Decision => ({ type: 'wait', why })

/** One turn from `value` to a goal, on the steps of the knob. */
function towards({ min, max, step, by }: Binding, value: number, wanted: number): number {
  const onStep = (number: number): number =>
    rounded(step === null ? number : min + Math.round((number - min) / step) * step)
  const last = step === null ? max : rounded(min + Math.floor((max - min) / step + 1e-9) * step)
  const goal = Math.min(last, Math.max(min, onStep(wanted)))
  const next = goal > value ? Math.min(goal, value + by) : Math.max(goal, value - by)
  return next === value ? value : Math.min(last, Math.max(min, onStep(next)))
}

/** Without what doubles make of 0.1 + 0.2. */
const rounded = (number: number): number => Number(number.toPrecision(12))

function evidence(
  { binding, value, since, now }: Seen,
  measured: number,
  { phase, to }: Readonly<{ phase: Phase; to: number }>,
): string {
  const { query, side, threshold, until } = binding
  const forLong = `seen so for ${Math.max(0, Math.round((now - since) / 1_000))} s`
  const found = `${query} is ${rounded(measured)}`
  return phase === 'beyond'
    ? `${found}, ${side} ${threshold}, ${forLong}: turned from ${value} to ${to}`
    : `${found}, no longer ${side} ${until}, ${forLong}: given back from ${value} to ${to}`
}
