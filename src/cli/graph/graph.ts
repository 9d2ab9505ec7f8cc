import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '../../api/client/client.ts'
import { TroubleError } from '../../change/trouble.ts'
import { paintFor } from '../../words/paint.ts'
import { type Args, usage } from '../args.ts'
import { choice, type Command, hubOptions, option } from '../command.ts'
import { csvOf } from './csv.ts'
import { drawGraph } from './draw.ts'
import { type Drawn, drawnSeries, nameOf } from './drawn.ts'
import { type Span, spanIn } from './span.ts'
import { withHub } from '../hub/reach/connect.ts'
import type { World } from '../world.ts'

export const command: Command = {
  usage: [
    "graph 'QUERY' [--last 1h | --from TIME --to TIME] [--step 15s]",
    "graph 'QUERY' -w",
    "graph 'QUERY' --csv | --png FILE",
  ],
  about:
    'Draws what a query in PromQL answers, with the changes of that time under it: ▲ is a change, △ one that was taken back, ' +
    '◆ what another system told.',
  options: {
    last: option('TIME', 'how far back: 15m, 6h, 2d (otherwise: 1h)'),
    from: option('TIME', "where it begins: 2h (ago), or '2026-11-27 09:30'"),
    to: option('TIME', 'where it ends (otherwise: now)'),
    step: option('TIME', 'the time between two points (otherwise: as fine as can be shown)'),
    csv: choice('a table of commas on standard output, a column for each series'),
    png: option('FILE', 'a picture, written into this file'),
    watch: choice('go on, and draw it anew', 'w'),
    ...hubOptions,
  },
  most: 1,
  run: (args, world) => {
    const query = queryIn(args)
    return withHub(args, world, ({ client }) =>
      args.has('watch') ? watch(client, query, args, world) : show(client, query, args, world),
    )
  },
}

function queryIn(args: Args): string {
  const [query] = args.words
  if (query === undefined)
    throw usage('graph what?', "write a query: tandem graph 'rate(shop_orders_total[5m])'")
  if (args.has('json') && args.has('csv'))
    throw usage('--json and --csv are two forms', 'leave one of the two out')
  if (
    args.has('watch') &&
    [args.has('json'), args.has('csv'), args.text('png') !== null, args.text('to') !== null].includes(true)
  )
    throw usage('-w draws what goes on', 'leave --json, --csv, --png and --to out')
  return query
}

/** So many points, where no terminal says how many can be seen. */
const pipedPoints = 240
const pipedColumns = 100
const pipedRows = 24

const pageOf = (world: World) => {
  const { columns, rows } = world.screen()
  const isSeen = Number.isFinite(columns)
  return {
    columns: isSeen ? columns : pipedColumns,
    rows: Number.isFinite(rows) ? rows - 1 : pipedRows,
    paint: paintFor(world.screen()),
    points: isSeen ? columns * 2 : pipedPoints,
  }
}

async function show(client: Client, query: string, args: Args, world: World): Promise<number> {
  const page = pageOf(world)
  const drawn = await ask(client, query, spanIn(args, world.now(), page.points))
  const file = args.text('png')
  if (file !== null) await writePicture(drawn, resolve(world.cwd, file))
  if (args.has('json')) world.out(JSON.stringify(jsonOf(drawn)))
  else if (args.has('csv')) world.out(csvOf(drawn).join('\n'))
  else if (file === null) world.out(drawGraph(drawn, page).join('\n'))
  return 0
}

async function writePicture(drawn: Drawn, file: string): Promise<void> {
  const { pngOf } = await import('./png/png-of.ts')
  try {
    await writeFile(file, pngOf(drawn))
  } catch (cause) {
    const { message } = cause as Error
    throw new TroubleError(
      { what: `the picture could not be written: ${message}`, where: file, now: 'name a file that can be' },
      { cause },
    )
  }
}

async function ask(client: Client, query: string, span: Span): Promise<Drawn> {
  const [fromS, toS, step] = [span.fromMs / 1000, span.toMs / 1000, span.stepMs / 1000]
  const [answer, { marks }] = await Promise.all([
    client.call('GET /api/v1/query_range', { query: { query, start: fromS, end: toS, step } }),
    client.call('GET /api/marks', { query: { from: Math.floor(span.fromMs), to: Math.ceil(span.toMs) } }),
  ])
  const series = drawnSeries(answer.data.result, span)
  return { query, span, series, marks, warnings: answer.warnings ?? [] }
}

function jsonOf({ query, span, series, marks, warnings }: Drawn): object {
  return {
    query,
    ...span,
    series: series.map(({ metric, values }) => ({
      name: nameOf(metric),
      labels: metric,
      // JSON has no number for what is none.
      values: [...values].map((value) =>
        Number.isFinite(value) ? value : Number.isNaN(value) ? null : String(value),
      ),
    })),
    marks,
    warnings,
  }
}

const home = '\u001b[H'
const clearBelow = '\u001b[J'
const clearRight = '\u001b[K'
const watchMs = 2_000

/** Draws over itself until Ctrl-C. */
async function watch(client: Client, query: string, args: Args, world: World): Promise<number> {
  const ending = new AbortController()
  const giveBack = world.onInterrupt(() => ending.abort())
  try {
    while (!ending.signal.aborted) {
      const page = pageOf(world)
      const lines = drawGraph(await ask(client, query, spanIn(args, world.now(), page.points)), page)
      if (world.screen().isTty)
        world.draw(`${home}${lines.map((line) => `${line}${clearRight}`).join('\n')}\n${clearBelow}`)
      else world.out(lines.join('\n'))
      await pause(watchMs, undefined, { signal: ending.signal }).catch(() => undefined)
    }
    return 0
  } finally {
    giveBack()
  }
}
