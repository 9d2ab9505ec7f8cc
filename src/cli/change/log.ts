import type { Client } from '../../api/client/client.ts'
import type { ChangeView } from '../../api/wire/wire.ts'
import { isOver } from '../../change/status.ts'
import { type Args, numberIn, usage } from '../args.ts'
import { choice, type Command, hubOptions, option } from '../command.ts'
import { withHub } from '../hub/reach/connect.ts'
import { tame } from '../../words/paint.ts'
import { statusTone } from '../text/status-tone.ts'
import { type Page, pageOf } from '../text/page.ts'
import { cell, table } from '../text/table.ts'
import { ago, clock } from '../../words/time.ts'
import { tellHappening } from '../text/happening.ts'
import type { World } from '../world.ts'

export const command: Command = {
  usage: ['log [--limit N] [--target APP@ENVIRONMENT]', 'log -f'],
  about: 'Lists changes, newest first. With -f it goes on and tells what happens as it happens.',
  options: {
    follow: choice('go on and tell what happens', 'f'),
    limit: option('N', 'how many, at most 200 (otherwise: 20)'),
    target: option('TARGET', 'only those of one target, like shop@production'),
    ...hubOptions,
  },
  most: 0,
  run: (args, world) => withHub(args, world, ({ client }) => log(client, args, world)),
}

async function log(client: Client, args: Args, world: World): Promise<number> {
  const limit = numberIn(args, 'limit', { least: 1, most: 200, otherwise: 20 })
  const target = args.text('target')
  if (target !== null && !target.includes('@')) {
    throw usage(`${target} is no target`, `write the environment too: --target ${target}@production`)
  }
  const { entries } = args.has('follow') ? (await client.call('GET /api/status')).hub : { entries: 0 }
  const { changes } = await client.call('GET /api/changes', { query: { target, limit } })
  if (args.has('follow')) return tellOn(client, { changes, target, after: entries }, args, world)
  if (args.has('json')) world.out(JSON.stringify({ changes }))
  else world.out(logText(changes, pageOf(world)).join('\n'))
  return 0
}

export function logText(changes: readonly ChangeView[], page: Page): readonly string[] {
  if (changes.length === 0) return [page.paint.dim('no changes yet: `tandem deploy` makes the first')]
  const rows = changes.map((change) => [
    cell(change.id, 'link'),
    cell(
      change.revertedBy === null ? change.status : `taken back by ${change.revertedBy}`,
      statusTone(change),
    ),
    cell(ago(change.orderedAt, page.now)),
    cell(change.who),
    cell(change.title, isOver(change.status) ? 'plain' : 'bold'),
    cell(change.why, 'dim'),
  ])
  return table(['CHANGE', 'STATUS', 'WHEN', 'WHO', 'WHAT', 'WHY'], rows, page)
}

type Place = Readonly<{ changes: readonly ChangeView[]; target: string | null; after: number }>

async function tellOn(
  client: Client,
  { changes, target, after }: Place,
  args: Args,
  world: World,
): Promise<number> {
  const { paint, columns } = pageOf(world)
  const isJson = args.has('json')
  if (isJson) for (const change of changes.toReversed()) world.out(JSON.stringify({ type: 'change', change }))
  else if (changes.length > 0) world.out(logText(changes, { columns, paint, now: world.now() }).join('\n'))
  const events = client.events({
    after,
    signal: new AbortController().signal,
    onConnection: (state) =>
      world.err(paint.dim(state === 'lost' ? 'connection lost, trying again' : 'connected again')),
  })
  for await (const event of events) {
    if (event.type !== 'entry' || (target !== null && event.change.target !== target)) continue
    if (isJson) world.out(JSON.stringify(event))
    else {
      const { step, host, text, tone } = tellHappening(event.entry)
      const what = [event.change.id, event.change.target, step ?? host ?? '', text].filter(
        (part) => part !== '',
      )
      world.out(`${paint.dim(clock(event.entry.at))}  ${paint[tone](tame(what.join('  ')))}`)
    }
  }
  return 0
}
