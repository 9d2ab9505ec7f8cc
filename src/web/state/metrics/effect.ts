import { labelsOfApp } from './app-panels.ts'
import { panel, type PanelWish, quoted, type Unit } from './panel.ts'
import type { Span } from './span.ts'

/** A number that a change may alter. In its query, `$window` is the time that is looked at. */
export type Watched = Readonly<{
  title: string
  query: string
  unit: Unit
  /** Which way is worse; null for what is neither. */
  worse: 'more' | 'less' | null
}>

/** What a change touched: it says which numbers to look at. */
export type Touched = Readonly<{ kind: string; target: string; hosts: readonly string[] }>

/** The numbers of what a change touched; none where nobody could say which. */
export function watchedOf({ kind, target, hosts }: Touched): readonly Watched[] {
  const [name = '', environment = ''] = target.split('@')
  switch (kind) {
    case 'deploy':
      return [
        ...frontNumbers(labelsOfApp(name, environment)),
        ...processNumbers(labelsOfApp(name, environment)),
      ]
    case 'flip':
      return environment === '' ? [] : frontNumbers(`env=${quoted(environment)}`)
    case 'apply':
      return hosts.length === 0 ? [] : hostNumbers(`host=~${quoted(hosts.map(escaped).join('|'))}`)
    default:
      return []
  }
}

const escaped = (host: string): string => host.replaceAll(/[^\w-]/g, '\\$&')

function frontNumbers(within: string): readonly Watched[] {
  const backend = (name: string, more = '') => `haproxy_backend_${name}{${within}${more}}`
  const all = `sum(rate(${backend('http_responses_total')}[$window]))`
  const failed = `sum(rate(${backend('http_responses_total', ',code="5xx"')}[$window]))`
  const time = backend('response_time_average_seconds')
  return [
    { title: 'Failed requests', query: `${failed} / ${all}`, unit: 'share', worse: 'more' },
    {
      title: 'Time to answer',
      query: `avg(avg_over_time(${time}[$window]))`,
      unit: 'seconds',
      worse: 'more',
    },
    { title: 'Requests', query: all, unit: 'per second', worse: null },
  ]
}

/** What the host says of the app's processes; where it cannot, as of one that is run on this machine, what they say themselves. */
function processNumbers(within: string): readonly Watched[] {
  const processor = (name: string) => `sum(rate(${name}{${within}}[$window]))`
  const memory = (name: string) => `sum(avg_over_time(${name}{${within}}[$window]))`
  return [
    {
      title: 'Processor',
      query: `${processor('tandem_app_cpu_seconds_total')} or ${processor('process_cpu_seconds_total')}`,
      unit: 'number',
      worse: 'more',
    },
    {
      title: 'Memory',
      query: `${memory('tandem_app_memory_bytes')} or ${memory('process_resident_memory_bytes')}`,
      unit: 'bytes',
      worse: 'more',
    },
  ]
}

function hostNumbers(within: string): readonly Watched[] {
  const of = (name: string, more = '') => `node_${name}{${within}${more}}`
  const used = `avg(1 - avg_over_time(${of('memory_MemAvailable_bytes')}[$window]) / avg_over_time(${of('memory_MemTotal_bytes')}[$window]))`
  return [
    {
      title: 'Processor',
      query: `1 - avg(rate(${of('cpu_seconds_total', ',mode="idle"')}[$window]))`,
      unit: 'share',
      worse: 'more',
    },
    { title: 'Memory', query: used, unit: 'share', worse: 'more' },
    { title: 'Load', query: `avg(avg_over_time(${of('load1')}[$window]))`, unit: 'number', worse: 'more' },
    {
      title: 'Waiting for disks',
      query: `avg(rate(${of('pressure_io_waiting_seconds_total')}[$window]))`,
      unit: 'share',
      worse: 'more',
    },
  ]
}

export const watchedPanel = ({ title, unit, query }: Watched): PanelWish =>
  panel(title, unit, { query, name: title })

/** Two times of equal length beside a change, and the whole that holds both. */
export type Beside = Readonly<{ before: Span; after: Span | null; whole: Span }>

export const besideMs = 15 * 60_000
/** Less than this says nothing yet. */
const leastMs = 60_000

/** The time before a change began and the one after it ended; of one that has just ended, what has passed since. */
export function besideOf(beganAt: number, endedAt: number | null, now: number): Beside {
  const until = Math.min((endedAt ?? now) + besideMs, now)
  const passed = endedAt === null ? 0 : until - endedAt
  const lengthMs = passed >= leastMs ? passed : besideMs
  return {
    before: { fromMs: beganAt - lengthMs, toMs: beganAt },
    after: endedAt === null || passed < leastMs ? null : { fromMs: endedAt, toMs: until },
    whole: { fromMs: beganAt - besideMs, toMs: Math.max(until, beganAt + leastMs) },
  }
}

/** How a number moved; null where there is nothing to compare. */
export function movedBy(before: number | null, after: number | null): number | null {
  if (before === null || after === null || before === 0) return null
  return (after - before) / Math.abs(before)
}
