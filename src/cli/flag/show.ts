import type { FlagRoutes, FlagView, KnobLook } from '../../api/wire/flags.ts'
import { boundText, lookText, pauseText } from '../../words/bound.ts'
import { linesOf } from '../../words/flag.ts'
import { type Paint, paintFor, tame } from '../../words/paint.ts'
import { stamp } from '../../words/time.ts'
import type { Args } from '../args.ts'
import { withHub } from '../hub/reach/connect.ts'
import type { World } from '../world.ts'
import { environmentOf, keyIn } from './asked.ts'

export function showFlag(args: Args, world: World, words: readonly string[]): Promise<number> {
  const key = keyIn(words, 'show')
  return withHub(args, world, async ({ client }) => {
    const query = { environment: environmentOf(args) }
    const shown = await client.call('GET /api/flags/:key', { params: { key }, query })
    const paint = paintFor(world.screen())
    world.out(args.has('json') ? JSON.stringify(shown) : flagText(shown, paint).join('\n'))
    return 0
  })
}

export function flagText(
  { environment, flag: view, history, rolling, looked }: FlagRoutes['GET /api/flags/:key'],
  paint: Paint,
): readonly string[] {
  const lines = linesOf({ what: 'flag', before: null, after: view.flag })
  return [
    paint.bold(tame(`${view.key} in ${environment}`)),
    ...lines.map(({ text }) => `  ${tame(text)}`),
    '',
    ...boundLines(view, looked, paint),
    ...(rolling === null ? [] : [paint.care(`${rolling} is rolling it out now: \`tandem show ${rolling}\``)]),
    paint.dim(`made so by ${tame(view.who)} with ${view.change}, ${stamp(view.at)}; its rev is ${view.rev}`),
    ...(history.length > 1 ? [paint.dim(`its changes: ${history.slice(0, 10).join(', ')}`)] : []),
  ]
}

/** What turns its knob by itself, when that last did, and why it does not now. */
function boundLines(view: FlagView, looked: KnobLook | null, paint: Paint): readonly string[] {
  const [bound, paused, turned] = [boundText(view.flag), pauseText(view, Date.now()), view.bound?.turned]
  return [
    ...(bound === null ? [] : [`turned by itself: ${tame(bound)}`]),
    ...(bound === null || looked === null
      ? []
      : [tame(`last look: ${stamp(looked.at)}: ${lookText(looked)}`)]),
    ...(turned ? [`last turn: ${turned.change}, ${stamp(turned.at)}: ${tame(turned.why)}`] : []),
    ...(paused === null ? [] : [paint.care(tame(paused))]),
  ]
}
