import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HubProcess } from '../../e2e/lab/hub-process.ts'
import { person } from '../../e2e/lab/project.ts'
import { samplePlan } from '../../src/change/samples.ts'
import { labelsOf } from '../../src/metrics/labels.ts'
import { SampleStore } from '../../src/metrics/storage/sample-store.ts'
import { openStore } from '../../src/store/open.ts'

export type Wanted = Readonly<{ panels: number; series: number; marks: number; hours: number }>

/** A hub in a process of its own, with a day behind it: numbers, and the changes that were made meanwhile. */
export type GraphHub = Readonly<{
  process: HubProcess
  /** The time that is full of both. */
  span: Readonly<{ fromMs: number; toMs: number }>
  close: () => Promise<void>
}>

const scrapeMs = 15_000
const hour = 3_600_000

export async function startGraphHub(wanted: Wanted): Promise<GraphHub> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-graphs-'))
  const stateDir = join(folder, '.tandem')
  await writeFile(join(folder, 'tandem.ts'), projectText(wanted))
  const toMs = Math.floor(Date.now() / scrapeMs) * scrapeMs
  const span = { fromMs: toMs - wanted.hours * hour, toMs }
  await writeChanges(stateDir, wanted.marks, span)
  await writeSamples(join(stateDir, 'metrics'), wanted, span)
  const process = new HubProcess({ folder, stateDir })
  await process.start()
  return {
    process,
    span,
    close: async () => {
      await process.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** One page of panels, each a rate of as many series as there are. */
function projectText({ panels }: Wanted): string {
  const drawn = Array.from({ length: panels }, (_, nth) => ({
    title: `Number ${nth + 1}`,
    unit: 'per second',
    queries: [{ query: `rate(bench_${nth}_total[$window])`, name: '{{host}}' }],
  }))
  const people = `people: { ${person}: { name: 'Ada', may: 'everything' } }`
  const pages = JSON.stringify({ bench: { panels: drawn } })
  return `import { tandem } from 'tandem'\nexport default tandem({ ${people}, hosts: { here: { via: 'local' } }, metrics: { scrape: { hosts: false }, pages: ${pages} } })\n`
}

type Span = GraphHub['span']

/** Changes spread over the span, some of each kind, each tenth taken back by the next of its kind. */
async function writeChanges(stateDir: string, count: number, { fromMs, toMs }: Span): Promise<void> {
  const store = await openStore(stateDir)
  const holder = { pid: process.pid, started: 0, boot: 'bench', kind: 'hub' } as const
  const kinds = ['deploy', 'apply', 'flip'] as const
  for (let nth = 0; nth < count; nth += 1) {
    const at = Math.round(fromMs + ((toMs - fromMs) * (nth + 0.5)) / count)
    const reverts = nth % 10 === 9 ? `c${nth - 2}` : null
    const kind = kinds[nth % kinds.length] ?? 'deploy'
    const what = { kind, target: `thing${nth % 7}@production`, wish: null }
    const id = await store.ledger.order(
      { ...what, who: 'ada', door: 'cli', why: 'it is better so', reverts },
      at,
      holder,
    )
    const whole = [
      { type: 'leased', token: nth + 1 },
      { type: 'planned', plan: { ...samplePlan, title: `${kind} number ${nth}` } },
      { type: 'stage-started', stage: 'canary' },
      { type: 'decided', to: 'finish', why: 'every stage is done' },
      { type: 'finished' },
    ] as const
    await store.ledger.append(id, whole, at + 1, null)
    await store.leases.release(id)
  }
  await store.close()
}

/** Counters that grow unevenly, asked for every 15 s, as a scrape would have brought them. */
async function writeSamples(
  folder: string,
  { panels, series }: Wanted,
  { fromMs, toMs }: Span,
): Promise<void> {
  const limits = { seriesLimit: 1_000_000, seriesOfNameLimit: 100_000, keptMs: 90 * 24 * hour }
  const store = new SampleStore({ folder, now: Date.now, ...limits })
  const numbers = Array.from({ length: panels }, (_, nth) =>
    Array.from({ length: series }, (__, host) =>
      store.numberOf(labelsOf({ __name__: `bench_${nth}_total`, host: `host${host}`, job: 'bench' })),
    ),
  ).flat()
  const values = numbers.map(() => 0)
  // The first rate needs samples before it.
  for (let at = fromMs - hour; at <= toMs; at += scrapeMs) {
    for (const [place, value] of values.entries())
      values[place] = value + Math.round(40 + 30 * Math.sin(at / hour + place) + (place % 10))
    const { refused } = store.take({ series: numbers, times: numbers.map(() => at), values, stale: [] })
    if (refused.length > 0) throw new Error(`the store refused samples: ${refused[0]?.why ?? ''}`)
  }
  await store.settle()
  store.close()
}
