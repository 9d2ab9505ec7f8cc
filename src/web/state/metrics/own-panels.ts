import type { Described } from '../../metrics-api.ts'
import { panel, type PanelWish } from './panel.ts'

/** Drawn by others, or never another number. */
const leftOut =
  /^(haproxy_|node_|process_cpu_|process_resident_memory_bytes$|scrape_|up$)|_(info|created|start_time_seconds|max_fds)$/

/** How many of its own numbers are drawn at first. */
export const ownShown = 24

/** One panel for each number that something says of itself: counters by second, histograms by their quantiles. */
export function ownPanels(
  within: string,
  names: readonly string[],
  described: Described,
): readonly PanelWish[] {
  const own = names.filter((name) => !leftOut.test(name))
  const histograms = own
    .filter((name) => name.endsWith('_bucket'))
    .map((name) => name.replace(/_bucket$/, ''))
  const parts = new Set(
    histograms.flatMap((name) => ['_bucket', '_sum', '_count', '_created'].map((part) => name + part)),
  )
  const single = own.filter((name) => !parts.has(name))
  return [
    ...processPanels(within, names),
    ...histograms.map((name) => histogramPanel(name, within)),
    ...single.map((name) => singlePanel(name, within, described)),
  ]
}

/** What a program takes of its machine, as client libraries of Prometheus say it. */
function processPanels(within: string, names: readonly string[]): readonly PanelWish[] {
  const name = '{{host}} {{release}}'
  const processor = panel('Processor', 'number', {
    query: `rate(process_cpu_seconds_total{${within}}[$window])`,
    name,
  })
  const memory = panel('Memory', 'bytes', { query: `process_resident_memory_bytes{${within}}`, name })
  return [
    ...(names.includes('process_cpu_seconds_total') ? [processor] : []),
    ...(names.includes('process_resident_memory_bytes') ? [memory] : []),
  ]
}

function histogramPanel(name: string, within: string): PanelWish {
  const quantile = (share: number) => ({
    query: `histogram_quantile(${share}, sum by (le, release) (rate(${name}_bucket{${within}}[$window])))`,
    name: `${share * 100} % {{release}}`,
  })
  return panel(name, unitIn(name), quantile(0.5), quantile(0.95), quantile(0.99))
}

function singlePanel(name: string, within: string, described: Described): PanelWish {
  const type = described[name]?.[0]?.type ?? 'unknown'
  const isCounter = type === 'counter' || (type === 'unknown' && /_(total|count|sum)$/.test(name))
  if (!isCounter) return panel(name, unitIn(name), `${name}{${within}}`)
  const unit = unitIn(name) === 'bytes' ? 'bytes per second' : 'per second'
  return panel(name, unit, `sum without (instance) (rate(${name}{${within}}[$window]))`)
}

function unitIn(name: string): PanelWish['queries'][number]['unit'] {
  if (/_seconds(_|$)/.test(name)) return 'seconds'
  if (/_(ms|milliseconds)(_|$)/.test(name)) return 'milliseconds'
  if (/_bytes(_|$)/.test(name)) return 'bytes'
  if (name.endsWith('_ratio')) return 'share'
  return name.endsWith('_percent') ? 'percent' : 'number'
}
