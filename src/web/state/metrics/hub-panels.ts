import { panel, type PanelWish } from './panel.ts'

/** Series of the hub: inside of the braces of a selector. */
export const hubLabels = 'job="tandem"'

/** What the hub takes of its machine, as client libraries of Prometheus say it. */
export function hubPanels(): readonly PanelWish[] {
  return [
    panel('Processor', 'number', {
      query: `rate(process_cpu_seconds_total{${hubLabels}}[$window])`,
      name: 'cores',
    }),
    panel('Memory', 'bytes', { query: `process_resident_memory_bytes{${hubLabels}}`, name: 'resident' }),
  ]
}
