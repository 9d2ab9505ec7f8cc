import type { FlipWish } from '../../api/wire/flags.ts'
import { type Plan, stepsOf } from '../../change/plan.ts'
import { TroubleError } from '../../change/trouble.ts'
import { planOf as plannedIn } from '../../change/undo.ts'
import type { Environment } from '../environment.ts'
import { backOf } from '../fold.ts'
import { type Deed, deedOf, type Move } from '../step.ts'
import { byWhom } from '../target.ts'
import { type Desk, planMoves } from './parts.ts'
import { planSwitch } from './plan-switch.ts'
import { refuseMistakes } from './plan-write.ts'

/** The opposite of what a change did, as long as nobody has built on it since. */
export async function planUndo(desk: Desk, { change }: Extract<FlipWish, { do: 'undo' }>): Promise<Plan> {
  const plan = plannedIn(await desk.world.store.ledger.of(change))
  const deeds = plan === null ? [] : stepsOf(plan).map(deedOf)
  const [first] = deeds
  if (first === undefined)
    throw new TroubleError({ what: `${change} altered no flag`, now: 'see `tandem log` for what did' })
  if (first.action === 'switch')
    return planSwitch(desk, {
      do: 'switch',
      environment: first.environment,
      flag: first.flag,
      on: first.was,
    })
  const environment = desk.book.environment(first.environment)
  const moves = wholeMoves(deeds).map((move) => backMove(environment, move, change))
  refuseMistakes(environment, moves)
  return planMoves(environment.name, moves, `take back ${change}: ${plan?.title ?? ''}`)
}

/** From what there was before the first deed to what there is after the last. */
function wholeMoves(deeds: readonly Deed[]): readonly Move[] {
  const whole = new Map<string, Move>()
  for (const deed of deeds)
    for (const move of deed.action === 'set' ? deed.moves : []) {
      const name = `${move.what} ${move.key}`
      const known = whole.get(name)
      whole.set(name, (known === undefined ? move : { ...known, after: move.after }) as Move)
    }
  return [...whole.values()]
}

function backMove(environment: Environment, move: Move, change: string): Move {
  const [back] = backOf(environment, move)
  const { what, key } = move
  const seen = what === 'flag' ? environment.seen.flag(key) : environment.seen.segment(key)
  if (back === undefined)
    throw new TroubleError({
      what:
        seen === null
          ? `${key} in ${environment.name} is gone since`
          : `${key} in ${environment.name} was altered since ${change}, ${byWhom(seen)}`,
      now:
        seen === null
          ? 'see `tandem log` for what took it away'
          : `take that back first: \`tandem revert ${seen.change}\``,
    })
  const now = what === 'flag' ? environment.flag(key) : environment.segment(key)
  return { what, key, before: now ?? null, after: back.to } as Move
}
