import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { FlagRoutes, FlipItem } from '../../api/wire/flags.ts'
import type { Flag, FlagSet, Segment } from '../../../sdk/flag/flag.ts'
import {
  nameOf,
  type Reference,
  referencesOfFlag,
  referencesOfSegment,
} from '../../../sdk/flag/references.ts'
import { paintFor, tame } from '../../words/paint.ts'
import { type Args, usage } from '../args.ts'
import { withOrders } from '../hub/reach/connect.ts'
import type { World } from '../world.ts'
import { environmentOf } from './asked.ts'
import { orderFlip } from './order.ts'

/** A hub takes orders of up to a megabyte. */
const itemsLimitChars = 700_000

/** Brings flags of somebody else in. What is not carried over, or is there already, is told before anything is ordered. */
export async function importFlagsFrom(
  args: Args,
  world: World,
  [file, extra]: readonly string[],
): Promise<number> {
  if (file === undefined || extra !== undefined)
    throw usage(
      'import which file?',
      'write `tandem flag import FILE`: what flagd, Unleash or GrowthBook exports',
    )
  const text = await readFile(resolve(world.cwd, file), 'utf8').catch(() => null)
  if (text === null)
    throw usage(`there is no file ${file}`, 'give one that flagd, Unleash or GrowthBook exported')
  const { formats, importFlags } = await import('../../flags/exchange/import.ts')
  const format = args.text('as')
  const known = formats.find((each) => each === format) ?? null
  if (format !== null && known === null)
    throw usage(`--as ${format} is not known`, `it is ${formats.join(', ')}`)
  const imported = importFlags(text, known, args.text('from'))
  return withOrders(args, world, async (connection) => {
    const query = { environment: environmentOf(args) }
    const here = await connection.client.call('GET /api/flags', { query })
    const { items, kept } = itemsOf(imported.set, here, args.has('replace'))
    tell({ ...imported, kept, count: items.length, environment: here.environment }, args, world)
    const batches = batchesOf(inOrder(items))
    for (const batch of batches) {
      const wish = { do: 'write', environment: here.environment, items: batch } as const
      const exit = await orderFlip(connection, wish, args, world)
      if (exit !== 0) return exit
    }
    return 0
  })
}

type Told = Readonly<{
  format: string
  environment: string
  remarks: readonly Readonly<{ flag: string | null; isLeftOut: boolean; says: string }>[]
  kept: readonly string[]
  count: number
}>

function tell({ format, environment, remarks, kept, count }: Told, args: Args, world: World): void {
  if (args.has('json')) return world.out(JSON.stringify({ format, environment, remarks, kept, count }))
  const paint = paintFor(world.screen())
  for (const { flag, isLeftOut, says } of remarks) {
    const who = flag === null ? '' : `${tame(flag)}: `
    world.err(isLeftOut ? paint.care(`! ${who}left out: ${tame(says)}`) : paint.dim(`  ${who}${tame(says)}`))
  }
  if (kept.length > 0)
    world.err(
      paint.care(`! there already, and left as it is: ${kept.join(', ')}; --replace takes the file's`),
    )
  if (count === 0) world.out(`nothing to bring into ${environment}`)
}

/** What is to be written: what is so already is not, and what is there otherwise only if that is wanted. */
export function itemsOf(
  { flags, segments }: FlagSet,
  here: FlagRoutes['GET /api/flags'],
  isReplacing: boolean,
): Readonly<{ items: readonly FlipItem[]; kept: readonly string[] }> {
  const kept: string[] = []
  const known: ReadonlyMap<string, Readonly<{ rev: string; text: string }>> = new Map([
    ...here.flags.map(
      (view) => [`flag ${view.key}`, { rev: view.rev, text: JSON.stringify(view.flag) }] as const,
    ),
    ...here.segments.map(
      (view) => [`segment ${view.key}`, { rev: view.rev, text: JSON.stringify(view.segment) }] as const,
    ),
  ])
  const baseOf = (name: string, to: Flag | Segment): string | null | undefined => {
    const found = known.get(name)
    if (found === undefined) return null
    if (found.text === JSON.stringify(to)) return undefined
    if (isReplacing) return found.rev
    kept.push(name)
    return undefined
  }
  const items: FlipItem[] = []
  for (const [segment, to] of Object.entries(segments)) {
    const base = baseOf(`segment ${segment}`, to)
    if (base !== undefined) items.push({ segment, to, base })
  }
  for (const [flag, to] of Object.entries(flags)) {
    const base = baseOf(`flag ${flag}`, to)
    if (base !== undefined) items.push({ flag, to, base })
  }
  return { items, kept }
}

/** What others name comes before them, so that each batch can stand alone. */
export function inOrder(items: readonly FlipItem[]): readonly FlipItem[] {
  const byName = new Map(
    items.map((item) => ['flag' in item ? `flag ${item.flag}` : `segment ${item.segment}`, item]),
  )
  const placed = new Set<string>()
  const ordered: FlipItem[] = []
  const place = (name: string): void => {
    const item = byName.get(name)
    if (item === undefined || placed.has(name)) return
    placed.add(name)
    for (const { to } of referencesOf(item)) place(nameOf(to))
    ordered.push(item)
  }
  for (const name of byName.keys()) place(name)
  return ordered
}

function referencesOf(item: FlipItem): readonly Reference[] {
  if (item.to === null) return []
  return 'flag' in item ? referencesOfFlag(item.to as Flag, []) : referencesOfSegment(item.to as Segment, [])
}

export function batchesOf(items: readonly FlipItem[]): readonly (readonly FlipItem[])[] {
  const batches: FlipItem[][] = []
  let chars = Number.POSITIVE_INFINITY
  for (const item of items) {
    const size = JSON.stringify(item).length
    if (chars + size > itemsLimitChars) {
      batches.push([])
      chars = 0
    }
    batches.at(-1)?.push(item)
    chars += size
  }
  return batches
}
