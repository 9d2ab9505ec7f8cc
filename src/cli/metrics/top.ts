import type { Client } from '../../api/client/client.ts'
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
  names: readonly Large[]
  jobs: readonly Readonly<{ job: string; series: number }>[]
  /** Samples in a second of the last five minutes. */
  incoming: readonly Readonly<{ protocol: string; perS: number }>[]
  /** Since the hub started. */
  refused: readonly Readonly<{ what: string; why: string; count: number }>[]
}>

const everything = '{__name__=~".+"}'

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
  const names = await ask(`topk(${limit}, count by (__name__) (${everything}))`)
  const [whole, jobs, incoming, refused] = await Promise.all([
    ask(`count(${everything})`),
    ask(`topk(${limit}, count by (job) (${everything}))`),
    ask('sum by (protocol) (rate(tandem_ingest_samples_total[5m])) > 0'),
    ask('{__name__=~"tandem_ingest_refused_total|(statsd|graphite)_(lines_bad|packets_dropped)_total"} > 0'),
  ])
  const large: Large[] = []
  // One after the other: the engine has one processor.
  for (const row of rising(names)) large.push(await largeOf(client, ask, row))
  return {
    series: numberOf(whole[0]),
    names: large,
    jobs: rising(jobs).map(jobOf),
    incoming: rising(incoming).map((row) => ({
      protocol: row.metric['protocol'] ?? '',
      perS: numberOf(row),
    })),
    refused: rising(refused).map(refusedOf),
  }
}

type Ask = (query: string) => Promise<readonly VectorRow[]>

async function largeOf(client: Client, ask: Ask, row: VectorRow): Promise<Large> {
  const name = row.metric['__name__'] ?? ''
  const selector = `{__name__=${JSON.stringify(name)}}`
  const { data: labels } = await client.call('GET /api/v1/labels', { query: { 'match[]': selector } })
  const others = labels.filter((label) => label !== '__name__')
  const from = await ask(`topk(2, count by (job) (${selector}))`)
  const widths = others.map(
    (label) => `label_replace(count(count by (${label}) (${selector})), "label", "${label}", "", "")`,
  )
  const [widest] = widths.length === 0 ? [] : await ask(`topk(1, ${widths.join(' or ')})`)
  return {
    name,
    series: numberOf(row),
    from: rising(from).map(jobOf),
    widest: widest === undefined ? null : { label: widest.metric['label'] ?? '', values: numberOf(widest) },
  }
}

const numberOf = (row: VectorRow | undefined): number => Number(row?.value[1] ?? 0)

const rising = (rows: readonly VectorRow[]): readonly VectorRow[] =>
  rows.toSorted((a, b) => numberOf(b) - numberOf(a))

const jobOf = (row: VectorRow) => ({ job: row.metric['job'] ?? '', series: numberOf(row) })

/** What was refused, by whom it was sent, in the words of the metric that counts it. */
function refusedOf(row: VectorRow): Top['refused'][number] {
  const { __name__: name = '', protocol, reason = '' } = row.metric
  const [wire = ''] = name.split('_')
  if (name.endsWith('_packets_dropped_total'))
    return { what: `${wire} packets`, why: 'the kernel had no room for them', count: numberOf(row) }
  if (protocol === undefined) return { what: `${wire} lines`, why: reason, count: numberOf(row) }
  return { what: `${protocol} samples`, why: reason, count: numberOf(row) }
}

type Page = Readonly<{ columns: number; paint: Paint }>

export function topText({ series, names, jobs, incoming, refused }: Top, page: Page): readonly string[] {
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
  ]
}
