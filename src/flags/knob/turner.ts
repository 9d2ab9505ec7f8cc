import type { FlagSide, FlagView, KnobLook } from '../../api/wire/flags.ts'
import type { Json } from '../../change/json.ts'
import type { ChangeId, Order } from '../../change/order.ts'
import { type Binding, bindingOf } from '../../../sdk/flag/bound.ts'
import type { Book } from '../book.ts'
import { flagTarget } from '../target.ts'
import { servedNumber } from './bound-after.ts'
import { decide, type Phase, phaseOf } from './decide.ts'

/** What turning a knob needs of the hub. */
export type Hands = Readonly<{
  propose: (order: Order) => Promise<ChangeId>
  /** The one number that a query in PromQL answers with now; null for none, or many. */
  measure: (query: string) => Promise<number | null>
}>

/** What was last seen of a measure. Who has seen nothing yet begins anew: then a turn back comes later, never sooner. */
type Look = KnobLook &
  Readonly<{
    query: string
    phase: Phase
    since: number
    /** When a turn was last ordered: one that was refused is not ordered again at once. */
    orderedAt: number
  }>

type Turning = Readonly<{ now: () => number; book: Book; looks: Map<string, Look>; hands: Hands }>

/** Who orders the turns of bound knobs. */
const who = 'tandem'
const looksPerTurn = 4

export type KnobTurner = Readonly<{
  /** Looks at the measures of all bound knobs that are due, and orders the turns they ask for. */
  turn: (hands: Hands) => Promise<void>
  looked: FlagSide['looked']
}>

export function knobTurner(now: () => number, book: Book): KnobTurner {
  const looks = new Map<string, Look>()
  const turn: KnobTurner['turn'] = async (hands) => {
    await book.catchUp()
    const turning = book.names().flatMap((environment) => {
      const views = book.environment(environment).seen.list()
      return views.map((view) => look({ now, book, looks, hands }, environment, view))
    })
    await Promise.all(turning)
  }
  const looked: KnobTurner['looked'] = (environment, key) => {
    const flag = book.environment(environment).flag(key)
    const look = looks.get(flagTarget(key, environment))
    if (look === undefined || look.query !== flag?.knob?.bound?.query) return null
    return { at: look.at, measured: look.measured, why: look.why }
  }
  return { turn, looked }
}

async function look(turning: Turning, environment: string, { key, flag, rev, bound }: FlagView) {
  const { book, looks, hands } = turning
  const [binding, value, target] = [bindingOf(flag), servedNumber(flag), flagTarget(key, environment)]
  if (binding === null || bound === undefined || value === null || flag.default === null) return
  const before = lookBefore(turning, target, binding)
  if (!flag.on || book.isBusy(target) || !isDue(turning, before, binding)) return
  const measured = await hands.measure(binding.query)
  const [now, phase] = [turning.now(), phaseOf(binding, measured)]
  const since = before?.phase === phase ? before.since : now
  const decision = decide({ binding, state: bound, value, measured, since, now })
  const orderedAt = before?.orderedAt ?? -Infinity
  const seen = { query: binding.query, at: now, measured, phase, since, why: decision.why, orderedAt }
  looks.set(target, seen)
  if (decision.type === 'wait' || now - orderedAt < binding.everyMs) return
  looks.set(target, { ...seen, orderedAt: now })
  const to = { ...flag, variants: { ...flag.variants, [flag.default]: decision.to } }
  const wish = { do: 'write', environment, items: [{ flag: key, to, base: rev }] } as unknown as Json
  await hands.propose({ kind: 'flip', target, wish, who, door: 'guard', why: decision.why, reverts: null })
}

/** What was seen of another measure says nothing of this one. */
function lookBefore({ looks }: Turning, target: string, { query }: Binding): Look | undefined {
  const before = looks.get(target)
  return before?.query === query ? before : undefined
}

function isDue({ now }: Turning, before: Look | undefined, { everyMs }: Binding): boolean {
  // A clock that was set back is followed.
  return before === undefined || Math.abs(now() - before.at) >= everyMs / looksPerTurn
}
