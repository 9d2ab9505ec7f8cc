import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Entry } from '../../change/entry.ts'
import type { MetricsSide, Receipt } from '../../metrics/metrics-side.ts'
import { Page } from '../../metrics/scrape/page.ts'
import type { TargetPlan } from '../../metrics/scrape/plan.ts'

/** What the hub counts of itself, from its start on. */
export type HubNumbers = Readonly<{
  /** Counts what comes in by this. */
  counted: (take: MetricsSide['take']) => MetricsSide['take']
  entry: (entry: Entry) => void
  /** A request that was answered. */
  answered: (method: string, status: number, ms: number) => void
  page: () => string
  close: () => void
}>

export const hubTarget = (intervalMs: number): TargetPlan => ({
  id: 'hub',
  url: 'hub:',
  labels: { job: 'tandem', instance: 'hub' },
  honorLabels: false,
  honorTimestamps: true,
  intervalMs,
  timeoutMs: intervalMs,
  limits: { bytes: 1_000_000, samples: 10_000 },
  ask: { kind: 'host' },
})

const ends = {
  finished: 'done',
  undone: 'undone',
  refused: 'refused',
  withdrawn: 'withdrawn',
  stuck: 'stuck',
} as const

/** Seconds; an answer of the API is to come within the first few. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

type Latencies = { readonly counts: number[]; sum: number; count: number }

export function openHubNumbers(): HubNumbers {
  const loop = monitorEventLoopDelay({ resolution: 20 })
  const changes = new Map<string, number>()
  const incoming = new Map<string, number>()
  const refused = new Map<string, number>()
  const answers = new Map<string, Latencies>()
  const kinds = new Map<string, string>()
  return {
    counted: (take) => async (parcel) => {
      const receipt = await take(parcel)
      add(
        incoming,
        JSON.stringify({ protocol: parcel.protocol }),
        receipt.type === 'taken' ? receipt.taken : 0,
      )
      for (const [reason, count] of reasonsIn(receipt))
        add(refused, JSON.stringify({ protocol: parcel.protocol, reason }), count)
      return receipt
    },
    entry: (entry) => {
      if (entry.type === 'ordered') kinds.set(entry.change, entry.order.kind)
      const status = entry.type in ends ? ends[entry.type as keyof typeof ends] : null
      if (status === null) return
      // Of a change that was ordered before we started only its end is heard.
      add(changes, JSON.stringify({ kind: kinds.get(entry.change) ?? 'unknown', status }), 1)
      kinds.delete(entry.change)
    },
    answered: (method, status, ms) =>
      note(answers, JSON.stringify({ method, code: String(status) }), ms / 1000),
    page: () => {
      // Whoever never says this, as a command does not, never measures it.
      loop.enable()
      const page = new Page()
      processNumbers(page)
      loopNumbers(page, loop)
      tell(page, 'tandem_changes_total', 'Changes that have ended since the hub started.', changes)
      tell(page, 'tandem_ingest_samples_total', 'Samples taken in since the hub started.', incoming)
      tell(
        page,
        'tandem_ingest_refused_total',
        'Samples that were not taken, and bodies that could not be read.',
        refused,
      )
      latencyNumbers(page, answers)
      return page.text()
    },
    close: () => loop.disable(),
  }
}

function add(counts: Map<string, number>, labels: string, by: number): void {
  counts.set(labels, (counts.get(labels) ?? 0) + by)
}

function reasonsIn(receipt: Receipt): readonly (readonly [string, number])[] {
  switch (receipt.type) {
    case 'taken':
      return Object.entries(receipt.refused)
    case 'malformed':
      return [['malformed', 1]]
    case 'later':
      return [['later', 1]]
  }
}

function note(answers: Map<string, Latencies>, labels: string, seconds: number): void {
  const known = answers.get(labels) ?? { counts: bounds.map(() => 0), sum: 0, count: 0 }
  answers.set(labels, known)
  for (const [at, bound] of bounds.entries())
    if (seconds <= bound) known.counts[at] = (known.counts[at] ?? 0) + 1
  known.sum += seconds
  known.count += 1
}

const labelsIn = (text: string) => JSON.parse(text) as Record<string, string>

function tell(page: Page, name: string, help: string, counts: ReadonlyMap<string, number>): void {
  const metric = page.metric(name, 'counter', help)
  for (const [labels, count] of counts) metric(count, labelsIn(labels))
}

/** As client libraries of Prometheus name it. */
function processNumbers(page: Page): void {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
  const gauge = (name: string, help: string, value: number): void => page.metric(name, 'gauge', help)(value)
  page.metric(
    'process_cpu_seconds_total',
    'counter',
    'Total user and system CPU time spent in seconds.',
  )((user + system) / 1e6)
  gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', rss)
  gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.', startedAt())
  gauge('process_open_fds', 'Number of open file descriptors.', openFiles())
  gauge('process_max_fds', 'Maximum number of open file descriptors.', mostFiles())
  gauge('nodejs_heap_size_used_bytes', 'Process heap size used from Node.js in bytes.', heapUsed)
  gauge('nodejs_heap_size_total_bytes', 'Process heap size from Node.js in bytes.', heapTotal)
  gauge('nodejs_external_memory_bytes', 'Node.js external memory size in bytes.', external)
  page.metric('nodejs_version_info', 'gauge', 'Node.js version info.')(1, { version: process.version })
}

const startedAt = (): number => Math.round(Date.now() / 1000 - process.uptime())

/** Only Linux says these; elsewhere they are no numbers, and are not said. */
function openFiles(): number {
  return existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length - 1 : NaN
}

function mostFiles(): number {
  if (!existsSync('/proc/self/limits')) return NaN
  const line = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))
  return Number(line?.[1] ?? NaN)
}

function loopNumbers(page: Page, loop: ReturnType<typeof monitorEventLoopDelay>): void {
  const say = (name: string, help: string, ns: number): void =>
    page.metric(`nodejs_eventloop_lag_${name}`, 'gauge', help)(ns / 1e9)
  say('mean_seconds', 'The mean of the recorded event loop delays.', loop.mean)
  say('max_seconds', 'The maximum recorded event loop delay.', loop.max)
  say('p50_seconds', 'The 50th percentile of the recorded event loop delays.', loop.percentile(50))
  say('p99_seconds', 'The 99th percentile of the recorded event loop delays.', loop.percentile(99))
  loop.reset()
}

function latencyNumbers(page: Page, answers: ReadonlyMap<string, Latencies>): void {
  const help = 'How long requests took until their answer began.'
  const say = page.metric('tandem_http_request_duration_seconds', 'histogram', help)
  for (const [text, { counts, sum, count }] of answers) {
    const labels = labelsIn(text)
    for (const [at, bound] of bounds.entries())
      say(counts[at] ?? 0, { ...labels, le: String(bound) }, '_bucket')
    say(count, { ...labels, le: '+Inf' }, '_bucket')
    say(sum, labels, '_sum')
    say(count, labels, '_count')
  }
}
