import type { Client } from '../../api/client/client.ts'
import type { MetricRoutes } from '../../api/wire/metrics.ts'
import type { VectorRow } from '../../api/wire/queries.ts'
import { type Paint, paintFor } from '../../words/paint.ts'
import { type Args, numberIn } from '../args.ts'
import { shortNumber } from '../graph/scale.ts'
import { cell, table } from '../text/table.ts'
import type { World } from '../world.ts'

/** A metric with many series: who sends them, and which label makes them many. */
type Large = Readonly<{
  name: string
  series: number
  from: readonly Readonly<{ job: string; series: number }>[]
  widest: Readonly<{ label: string; values: number }> | null
}>

type Top = Readonly<{
  series: number
  samplesPerSecond: number
  bytes: Kept['bytes']
  names: readonly Large[]
  jobs: readonly Readonly<{ job: string; series: number }>[]
  /** Samples in a second of the last five minutes. */
  incoming: readonly Readonly<{ protocol: string; perS: number }>[]
  /** Since the hub started, by who sent it. */
  refused: readonly Readonly<{ what: string; why: string; count: number }>[]
  /** The same, by the metric it was of. */
  refusedOf: Kept['refused']
}>

/** What the engine says of what it keeps. */
type Kept = MetricRoutes['GET /api/metric-top']

/** `tandem metrics top`: what takes the room, from whom it comes, and what found none. */
export async function showTop(client: Client, args: Args, world: World): Promise<number> {
  const limit = numberIn(args, 'limit', { least: 1, most: 100, otherwise: 15 })
  const top = await lookAt(client, limit)
  if (args.has('json')) world.out(JSON.stringify(top))
  else
    world.out(topText(top, { columns: world.screen().columns, paint: paintFor(world.screen()) }).join('\n'))
  return 0
}

async function lookAt(client: Client, limit: number): Promise<Top> {
  const ask = async (query: string): Promise<readonly VectorRow[]> =>
    (await client.call('GET /api/v1/query', { query: { query } })).data.result
  const [kept, incoming, refused] = await Promise.all([
    client.call('GET /api/metric-top', { query: { limit } }),
    // Who sends is counted outside of the engine, and is told to it like all other numbers.
    ask('sum by (protocol) (rate(tandem_ingest_samples_total[5m])) > 0'),
    ask('{__name__=~"tandem_ingest_refused_total|(statsd|graphite)_(lines_bad|packets_dropped)_total"} > 0'),
  ])
  const { series, samplesPerSecond, bytes, metrics, jobs, refused: refusedOf } = kept
  return {
    series,
    samplesPerSecond,
    bytes,
    names: metrics.map(({ name, series: each, jobs: from, widest }) => ({
      name,
      series: each,
      from: from.map(jobOf),
      widest,
    })),
    jobs: jobs.map(jobOf),
    incoming: rising(incoming).map((row) => ({
      protocol: row.metric['protocol'] ?? '',
      perS: numberOf(row),
    })),
    refused: rising(refused).map(refusedRow),
    refusedOf,
  }
}

const numberOf = (row: VectorRow): number => Number(row.value[1])

const rising = (rows: readonly VectorRow[]): readonly VectorRow[] =>
  rows.toSorted((a, b) => numberOf(b) - numberOf(a))

const jobOf = ({ name, series }: Kept['jobs'][number]) => ({ job: name, series })

/** What was refused, by whom it was sent, in the words of the metric that counts it. */
function refusedRow(row: VectorRow): Top['refused'][number] {
  const { __name__: name = '', protocol, reason = '' } = row.metric
  const [wire = ''] = name.split('_')
  if (name.endsWith('_packets_dropped_total'))
    return { what: `${wire} packets`, why: 'the kernel had no room for them', count: numberOf(row) }
  if (protocol === undefined) return { what: `${wire} lines`, why: reason, count: numberOf(row) }
  return { what: `${protocol} samples`, why: reason, count: numberOf(row) }
}

type Page = Readonly<{ columns: number; paint: Paint }>

export function topText(top: Top, page: Page): readonly string[] {
  const { series, names, jobs, incoming, refused, refusedOf } = top
  if (series === 0)
    return [page.paint.dim('no series yet: see docs/guide/metrics-statsd.md, or `tandem metrics targets`')]
  const jobText = (job: string) => (job === '' ? 'no job' : job)
  const nameRows = names.map((one) => [
    cell(one.name, 'bold'),
    cell(`${one.series}`),
    cell(`${((one.series / series) * 100).toFixed(1)}%`, 'dim'),
    cell(one.from.map((each) => `${jobText(each.job)} ${each.series}`).join(', ')),
    cell(one.widest === null ? '' : `${one.widest.label}: ${one.widest.values} values`),
  ])
  const jobRows = jobs.map((each) => [cell(jobText(each.job), 'bold'), cell(`${each.series}`)])
  const refusedRows = refused.map((one) => [
    cell(one.what, 'bold'),
    cell(`${one.count}`, 'bad'),
    cell(one.why),
  ])
  const ofRows = refusedOf.map(({ metric, why, label, samples }) => [
    cell(metric, 'bold'),
    cell(`${samples}`, 'bad'),
    cell(label === null ? why : `${why}: ${label}`),
  ])
  const inText = incoming.map(({ protocol, perS }) => `${shortNumber(perS)}/s by ${protocol}`).join(', ')
  return [
    `${series} series${inText === '' ? '' : `; samples come in: ${inText}`}`,
    '',
    ...table(['METRIC', 'SERIES', 'SHARE', 'FROM', 'WIDEST LABEL'], nameRows, page),
    '',
    ...table(['JOB', 'SERIES'], jobRows, page),
    ...(refused.length === 0
      ? []
      : ['', ...table(['REFUSED', 'SINCE THE HUB STARTED', 'WHY'], refusedRows, page)]),
    ...(refusedOf.length === 0 ? [] : ['', ...table(['METRIC', 'SAMPLES REFUSED', 'WHY'], ofRows, page)]),
  ]
}
