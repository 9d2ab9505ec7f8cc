import type { Client } from '../../api/client/client.ts'
import { paintFor } from '../../words/paint.ts'
import { type Args, usage } from '../args.ts'
import { askYes } from '../ask-yes.ts'
import { nameOf } from '../graph/drawn.ts'
import { timeIn } from '../graph/span.ts'
import type { World } from '../world.ts'
import { spanText } from './span-text.ts'

/** So many series are shown before somebody is asked. */
const shown = 5

/** `tandem metrics delete`: shows which series are meant, asks, and deletes their samples. */
export async function deleteCommand(client: Client, args: Args, world: World): Promise<number> {
  const [, selector] = args.words
  if (selector === undefined)
    throw usage('metrics delete what?', 'name the series: tandem metrics delete \'up{job="web"}\'')
  const wish = { selector, ...spanIn(args, world.now()) }
  if (!args.has('yes') && !(await isWanted(client, wish, world))) return 1
  const { series } = await client.call('POST /api/metric-deletions', { body: wish })
  if (args.has('json')) world.out(JSON.stringify({ ...wish, series }))
  else world.out(doneText(series, wish, world))
  return 0
}

type Wish = Readonly<{ selector: string; from: number | null; to: number | null }>

function spanIn(args: Args, now: number): Omit<Wish, 'selector'> {
  const at = (option: 'from' | 'to'): number | null => {
    const written = args.text(option)
    return written === null ? null : Math.round(timeIn(written, option, now))
  }
  const span = { from: at('from'), to: at('to') }
  if (span.from !== null && span.to !== null && span.from > span.to)
    throw usage('that ends before it begins', 'write --from before --to')
  return span
}

async function isWanted(client: Client, wish: Wish, world: World): Promise<boolean> {
  const seconds = (ms: number | null) => (ms === null ? null : ms / 1000)
  const query = { 'match[]': wish.selector, start: seconds(wish.from), end: seconds(wish.to) }
  const { data } = await client.call('GET /api/v1/series', { query })
  for (const series of data.slice(0, shown)) world.err(`  ${nameOf(series)}`)
  if (data.length > shown) world.err(`  and ${data.length - shown} more`)
  const question = `delete the samples of ${countText(data.length)} ${spanText(wish)}, for good?`
  return askYes(world, question, 'look at the series, then give --yes')
}

function doneText(series: number, wish: Wish, world: World): string {
  const paint = paintFor(world.screen())
  if (series === 0) return paint.dim('there was nothing to delete')
  return `${paint.good('✓')} the samples of ${countText(series)} ${spanText(wish)} are deleted`
}

const countText = (series: number): string => (series === 1 ? '1 series' : `${series} series`)
