import type { FlagView, KnobLook } from '../api/wire/flags.ts'
import { bindingOf } from '../../sdk/flag/bound.ts'
import type { Flag } from '../../sdk/flag/flag.ts'
import { clock, took } from './time.ts'

/** What turns a knob by itself, and how: `10 towards 0 each 30 s while max(p99_ms) is above 800; back after 2 min 30 s`. */
export function boundText(flag: Flag): string | null {
  const binding = bindingOf(flag)
  if (binding === null) return null
  const { query, side, threshold, until, to, by, everyMs, backMs } = binding
  const back = `${by} back each ${took(backMs)} ${until === threshold ? 'while it is not' : `once it is past ${until}`}`
  return `${by} towards ${binding[to]} each ${took(everyMs)} while ${query} is ${side} ${threshold}; ${back}`
}

/** Why a bound knob is left alone, if it is. */
export function pauseText({ flag, bound }: Pick<FlagView, 'flag' | 'bound'>, now: number): string | null {
  const [binding, byHand] = [bindingOf(flag), bound?.byHand ?? null]
  if (binding === null || byHand === null) return null
  const until = byHand.at + binding.pauseMs
  return now < until ? `paused until ${clock(until)}: ${byHand.who} turned it with ${byHand.change}` : null
}

/** What was seen at the last look, and why that turned it or did not. */
export function lookText({ measured, why }: Pick<KnobLook, 'measured' | 'why'>): string {
  return measured === null ? why : `it was ${Number(measured.toPrecision(6))}: ${why}`
}
