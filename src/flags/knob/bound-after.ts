import type { BoundState, FlagView } from '../../api/wire/flags.ts'
import type { Door } from '../../change/order.ts'
import type { Flag } from '../../../sdk/flag/flag.ts'

/** Which change alters, whose it is, and when. */
export type Alterer = Readonly<{ change: string; who: string; door: Door; why: string; at: number }>

/** How it stands with a bound knob once a flag is altered: what the guard turns it gives back, what people turn it heeds. */
export function boundAfter(
  before: FlagView | undefined,
  flag: Flag,
  { change, who, door, why, at }: Alterer,
): Readonly<{ bound?: BoundState }> {
  const value = servedNumber(flag)
  if (flag.knob?.bound === undefined || value === null) return {}
  const known = before?.bound
  if (before === undefined || known === undefined)
    return { bound: { rest: value, byHand: null, turned: null } }
  if (servedNumber(before.flag) === value) return { bound: known }
  return door === 'guard'
    ? { bound: { ...known, turned: { change, at, why } } }
    : { bound: { ...known, rest: value, byHand: { change, at, who } } }
}

/** The number that those get whom no rule decides. */
export function servedNumber({ variants, default: usual }: Flag): number | null {
  const value = usual === null ? null : variants[usual]
  return typeof value === 'number' ? value : null
}
