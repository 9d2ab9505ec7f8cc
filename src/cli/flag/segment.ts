import type { Segment } from '../../../sdk/flag/flag.ts'
import { linesOf } from '../../words/flag.ts'
import { paintFor, tame } from '../../words/paint.ts'
import { type Args, usage } from '../args.ts'
import { withOrders } from '../hub/reach/connect.ts'
import type { World } from '../world.ts'
import { environmentOf, keyIn } from './asked.ts'
import { orderFlip } from './order.ts'
import { whoIn } from './who.ts'

const writing = ['include', 'exclude', 'for', 'description', 'owner'] as const

/** Shows a segment, makes it, adds to it, or takes it away. */
export function segmentCommand(args: Args, world: World, words: readonly string[]): Promise<number> {
  const key = keyIn(words, 'segment')
  const isWriting = args.has('remove') || writing.some((name) => args.text(name) !== null)
  return withOrders(args, world, async (connection) => {
    const query = { environment: environmentOf(args) }
    const { environment, segments } = await connection.client.call('GET /api/flags', { query })
    const view = segments.find((each) => each.key === key) ?? null
    if (!isWriting) {
      if (view === null)
        throw usage(`there is no segment '${key}' in ${environment}`, 'make it: --include ID, or --for WHO')
      const lines = linesOf({ what: 'segment', before: null, after: view.segment })
      const text = [
        paintFor(world.screen()).bold(tame(`${key} in ${environment}`)),
        ...lines.map((line) => `  ${tame(line.text)}`),
      ]
      world.out(args.has('json') ? JSON.stringify(view) : text.join('\n'))
      return 0
    }
    const to = args.has('remove') ? null : segmentWith(view?.segment ?? {}, args)
    const items = [{ segment: key, to, base: view?.rev ?? null }]
    return orderFlip(connection, { do: 'write', environment, items }, args, world)
  })
}

function segmentWith(segment: Segment, args: Args): Segment {
  const [include, exclude] = [args.texts('include'), args.texts('exclude')]
  const who = args.text('for')
  const texts = (['description', 'owner'] as const).flatMap((name) => {
    const text = args.text(name)
    return text === null ? [] : [[name, text] as const]
  })
  return {
    ...segment,
    ...(include.length > 0 && { include: added(without(segment.include, exclude), include) }),
    ...(exclude.length > 0 && { exclude: added(without(segment.exclude, include), exclude) }),
    ...(who !== null && { when: whoIn(who) }),
    ...(texts.length > 0 && { about: { ...segment.about, ...Object.fromEntries(texts) } }),
  }
}

const added = (old: readonly string[], more: readonly string[]): readonly string[] => [
  ...new Set([...old, ...more]),
]

const without = (old: readonly string[] = [], gone: readonly string[]): readonly string[] =>
  old.filter((one) => !gone.includes(one))
