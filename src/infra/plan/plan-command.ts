import type { CommandThing, Script } from '../things/thing.ts'
import type { Act } from './op.ts'
import type { Spot, State } from './state.ts'
import { moved, right, type Turn } from './turn.ts'

/** What is to be done about one command. `isStirred`: the plan alters something that it comes after. */
export function planCommand(
  thing: CommandThing,
  state: State,
  world: Readonly<{ spot: Spot; isStirred: boolean }>,
): Turn {
  const { name, check, run, undo } = thing
  const outcome = check === null ? null : (state.seen.checks.get(thing.key) ?? null)
  if (outcome === 0 && !world.isStirred) return right
  const act: Act = { type: 'command', name, check, run, undo }
  const cannotUndo = undo === null ? `what ${name} does is not taken back: it has no \`undo\`` : null
  const lines = [{ mark: '~', text: thing.says ?? commandText(run) }] as const
  const after: State = {
    ...state,
    bringers: [...state.bringers, { number: world.spot.number, type: 'command', name }],
  }
  return moved([{ act, mark: '~', lines, cannotUndo }], after, { unknown: unknownOf(check, outcome) })
}

function unknownOf(check: Script | null, outcome: number | null): string | null {
  if (check === null) return 'it is done at each apply, because it has no check'
  if (outcome === null) return 'whether it is needed: its check is asked when its turn comes'
  return outcome === 0 ? 'whether it is needed then: now it is not' : null
}

/** The command on one line, as people know it. */
function commandText({ run, user }: Script): string {
  const words =
    typeof run === 'string'
      ? run
      : run.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')
  const [first = '', ...rest] = words.trim().split('\n')
  const more = rest.length === 0 ? '' : ` … (${rest.length} more lines)`
  return `${user === null ? '' : `as ${user}: `}${first.slice(0, 200)}${more}`
}
