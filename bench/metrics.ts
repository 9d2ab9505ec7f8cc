import { findRecording } from './differential/recorded.ts'
import { rounded } from './lib/figures.ts'
import { mustHave } from './lib/must-have.ts'
import { memoryOf } from './lib/process.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom, sourceOf } from './lib/words.ts'
import { type Keeper, startPrometheusKeeper, startTandem, startVictoriaMetrics } from './metrics/keepers.ts'
import { type Made, makeSamples } from './metrics/made-samples.ts'
import { packReal } from './metrics/real-samples.ts'
import { measureWaits } from './metrics/waits.ts'
import { askedMs, type GraphQuestion, ingest, pointsIn, sendOne } from './metrics/work.ts'

const keepers = [startTandem, startPrometheusKeeper, startVictoriaMetrics] as const

/** Five graphs over all that was made, from one series to all of them. */
const questions: Readonly<Record<string, GraphQuestion>> = {
  one_series: { query: 'made_load{job="job-1",instance="host-7.example.org:9100"}', stepS: 15 },
  rate_of_100: { query: 'sum(rate(made_requests_total{job="job-1"}[5m]))', stepS: 15 },
  rate_by_region: { query: 'sum by (region) (rate(made_requests_total{job="job-1"}[5m]))', stepS: 60 },
  sum_of_quarter: { query: 'sum({fleet="one",zone="zone-1"})', stepS: 60 },
  count_of_all: { query: 'count({fleet="one"})', stepS: 60 },
}

type Figures = Readonly<{ ingest: number; rssMb: number; ms: Readonly<Record<string, number>> }>

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), { series: 10_000, ticks: 720, step: 15, seed: 0 })
  await mustHave([
    { program: 'prometheus', pack: 'prometheus' },
    { program: 'victoria-metrics', pack: 'victoria-metrics' },
  ])
  console.log(load())
  const made = makeSamples(sourceOf(asked.seed), {
    series: asked.series,
    ticks: asked.ticks,
    stepMs: asked.step * 1000,
    toMs: Math.floor(Date.now() / 60_000) * 60_000,
  })
  const [tandem, prometheus, vm] = await eachInTurn((keeper) => measureMade(keeper, made))
  const bytes = await measureReal()
  const waits = await measureWaits(made)
  tell([tandem, prometheus, vm])
  const [ours, theirs, others] = bytes
  const figures = {
    ingest_per_cpu_s: Math.round(tandem.ingest),
    prometheus_ingest: Math.round(prometheus.ingest),
    vm_ingest: Math.round(vm.ingest),
    bytes_per_sample: ours.bytes,
    prometheus_bytes: theirs.bytes,
    vm_bytes: others.bytes,
    query_ms: tandem.ms,
    prometheus_ms: prometheus.ms,
    vm_ms: vm.ms,
    rss_mb: tandem.rssMb,
    prometheus_rss: prometheus.rssMb,
    vm_rss: vm.rssMb,
    ...waits,
  }
  console.log(JSON.stringify(figures))
}

/** Each on its own and from nothing, so that none takes time or memory from another. */
async function eachInTurn<T>(work: (keeper: Keeper) => Promise<T>): Promise<readonly [T, T, T]> {
  const found: T[] = []
  for (const start of keepers) {
    const keeper = await start()
    try {
      found.push(await work(keeper))
    } finally {
      await keeper.close()
    }
  }
  // Three begin, so three end.
  return found as unknown as readonly [T, T, T]
}

async function measureMade(keeper: Keeper, made: Made): Promise<Figures> {
  const perSecond = await ingest(keeper, made.packed)
  const rssMb = Math.round(memoryOf(keeper.pid()).nowMb)
  const ms: Record<string, number> = {}
  for (const [name, question] of Object.entries(questions)) {
    const asked = await askedMs(keeper, question, made)
    const points = pointsIn(asked.answer)
    if (points < 20) throw new Error(`${keeper.name} answers ${name} with ${points} points`)
    ms[name] = rounded(asked.ms, 1)
  }
  return { ingest: perSecond, rssMb, ms }
}

type Bytes = Readonly<{ bytes: number | null; ingest: number }>

async function measureReal(): Promise<readonly [Bytes, Bytes, Bytes]> {
  const path = findRecording(process.cwd())
  if (path === null) {
    console.log('the recording of real scrapes is not here: bytes of real samples are not measured')
    const nothing = { bytes: null, ingest: Number.NaN }
    return [nothing, nothing, nothing]
  }
  const { packed, newestMs } = packReal(path)
  const samples = packed.reduce((sum, each) => sum + each.samples, 0)
  const found = await eachInTurn(async (keeper) => {
    const perSecond = await ingest(keeper, packed)
    const bytes = await keeper.settledBytes(newestMs, sendOne(keeper))
    return { bytes: rounded(bytes / samples, 3), ingest: perSecond }
  })
  console.log(
    table([
      ['real scrapes', 'bytes per sample', 'samples per CPU second'],
      ...(['tandem', 'prometheus', 'victoria-metrics'] as const).map((name, at) => [
        name,
        found[at]?.bytes ?? 0,
        Math.round(found[at]?.ingest ?? 0),
      ]),
    ]),
  )
  return found
}

function tell([tandem, prometheus, vm]: readonly [Figures, Figures, Figures]): void {
  const row = (name: string, of: (figures: Figures) => number) =>
    [name, of(tandem), of(prometheus), of(vm)] as const
  console.log(
    table([
      ['', 'tandem', 'prometheus', 'victoria-metrics'],
      row('samples per CPU second', ({ ingest: each }) => Math.round(each)),
      row('MB of memory', ({ rssMb }) => rssMb),
      ...Object.keys(questions).map((name) => row(`ms of ${name}`, ({ ms }) => ms[name] ?? Number.NaN)),
    ]),
  )
}

await main()
