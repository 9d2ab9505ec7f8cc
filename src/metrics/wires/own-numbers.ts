import type { Labels } from '../labels.ts'
import { labelsNamed } from '../lines/names.ts'
import type { Wire } from './wire.ts'

/** What is counted of a wire beside its lines. `dropped` is null where the kernel does not say. */
export type WireCounts = Readonly<{
  packets: number
  lines: number
  connections: number
  dropped: number | null
  receiveBufferBytes: number
}>

/** Puts what a wire has to say of itself into its outbox, under its own name. */
export function addOwnNumbers({ name, outbox, faults, series }: Wire, counts: WireCounts, ms: number): void {
  const add = (labels: Labels, value: number) => outbox.add(outbox.numberOf(labels), ms, value)
  const counter = (metric: string, help: string, value: number) => {
    outbox.describe(`${name}_${metric}`, { type: 'counter', help, unit: '' })
    add(labelsNamed(`${name}_${metric}`, {}), value)
  }
  const gauge = (metric: string, help: string, value: number) => {
    outbox.describe(`${name}_${metric}`, { type: 'gauge', help, unit: '' })
    add(labelsNamed(`${name}_${metric}`, {}), value)
  }
  counter('packets_total', 'UDP packets taken', counts.packets)
  counter('lines_total', 'lines taken, good and bad', counts.lines)
  if (counts.dropped !== null)
    counter('packets_dropped_total', 'UDP packets the kernel threw away before us', counts.dropped)
  gauge('connections', 'TCP connections', counts.connections)
  gauge('series', 'series kept', series())
  gauge('receive_buffer_bytes', 'what the kernel holds while we are busy', counts.receiveBufferBytes)
  for (const [fault, count] of faults.counts()) {
    outbox.describe(`${name}_lines_bad_total`, { type: 'counter', help: 'lines refused', unit: '' })
    add(labelsNamed(`${name}_lines_bad_total`, { reason: fault }), count)
  }
}
