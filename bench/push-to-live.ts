import { setTimeout as pause } from 'node:timers/promises'
import { type Flow, openFlow } from '../e2e/lab/flow.ts'
import { startHammer } from '../lab/hammer.ts'
import type { HammerResult } from '../lab/hammer-tally.ts'
import type { Run } from '../src/store/runs.ts'
import { percentile, rounded } from './lib/figures.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom } from './lib/words.ts'
import { type Way, wayOf } from './push-to-live/way.ts'

export type PushFigures = Readonly<{
  push_to_first_ci_line_ms_p95: number
  push_to_live_s_p95: number
  /** Less the time in which the job `test` ran: that is the app's own. */
  excluding_tests_s_p95: number
  failed_requests: number
}>

/** What a shop of this size has at each of its hosts, of all five sorts. */
const loadFor = (hosts: number) => ({
  get: { perSecond: 50 * hosts, connections: 3 * hosts },
  slow: { perSecond: 2 * hosts, connections: 2 * hosts, ms: 300 },
  upload: { perSecond: 2 * hosts, connections: 2 * hosts, bytes: 64 * 1024, pieceGapMs: 5 },
  events: { streams: 2 * hosts },
  socket: { perSecond: 10 * hosts, connections: 2 * hosts },
})

/** Pushes a change of one line again and again, under traffic, each when the one before is live. */
async function measurePushes(flow: Flow, pushes: number): Promise<PushFigures> {
  await pushOnce(flow, 'the first')
  const hammering = startHammer({ urls: flow.urls, load: loadFor(flow.lab.hosts.length) })
  await pause(1_000)
  const ways: Way[] = []
  for (let nth = 1; nth <= pushes; nth += 1) ways.push(await pushOnce(flow, `number ${nth}`))
  const result = await hammering.stop()
  tell(ways, result)
  const p95 = (of: (way: Way) => number): number => percentile(ways.map(of), 0.95)
  return {
    push_to_first_ci_line_ms_p95: rounded(
      p95(({ firstLineMs }) => firstLineMs),
      0,
    ),
    push_to_live_s_p95: rounded(p95(({ liveMs }) => liveMs) / 1000),
    excluding_tests_s_p95: rounded(p95(({ liveMs, testMs }) => liveMs - testMs) / 1000),
    failed_requests: result.failed,
  }
}

async function pushOnce(flow: Flow, release: string): Promise<Way> {
  const commit = await flow.commit(release)
  const pushing = flow.push('http')
  const { told } = await pushing.end
  const { runs, changes } = await flow.hub
    .client()
    .call('GET /api/repos/:repo/commits/:commit', { params: { repo: 'shop', commit } })
  const [run] = runs
  if (run === undefined || !(await isLive(flow, run))) throw new Error(`${release} is not live:\n${told}`)
  const { entries } = await flow.hub
    .client()
    .call('GET /api/changes/:id', { params: { id: changes[0] ?? '' } })
  return wayOf(pushing.heard, run, entries)
}

const isLive = async (flow: Flow, { release }: Run): Promise<boolean> =>
  release !== null && (await flow.answered()) === release

function tell(ways: readonly Way[], result: HammerResult): void {
  const seconds = (ms: number): number => rounded(ms / 1000)
  const rows = ways.map(({ firstLineMs, liveMs, testMs, parts }, nth) => [
    nth + 1,
    rounded(firstLineMs, 0),
    ...Object.values(parts).map(seconds),
    seconds(testMs),
    seconds(liveMs),
  ])
  const head = ['push', 'first line ms', ...Object.keys(ways[0]?.parts ?? {}), 'of it tests', 'live after s']
  console.log(table([head, ...rows]))
  console.log(`${result.requests} requests, of which ${result.failed} failed`)
  for (const { sort, cause } of result.failures.slice(0, 10)) console.log(`failed: ${sort}: ${cause}`)
}

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), { hosts: 3, pushes: 10, watch: 2 })
  const environment = { watch: `${asked.watch}s`, drain: '10s' } as const
  const flow = await openFlow({ hosts: asked.hosts, environment, say: (line) => console.log(line) })
  try {
    console.log(load())
    const figures = await measurePushes(flow, asked.pushes)
    console.log(load())
    if (flow.hub.said !== '') console.log(`the hub said: ${flow.hub.said}`)
    console.log(JSON.stringify(figures))
  } finally {
    await flow.close()
  }
}

if (import.meta.main) await main()
