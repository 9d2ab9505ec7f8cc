import { ProtoReader } from '../protobuf/proto-reader.ts'
import { readKeyValue } from './protobuf-values.ts'
import { readPoint } from './protobuf-points.ts'
import { deltaTemporality, type Kind, type OtlpBatch, type OtlpMetric, type Point } from './model.ts'

const kinds: Readonly<Record<number, Kind>> = {
  5: 'gauge',
  7: 'sum',
  9: 'histogram',
  10: 'exponential',
  11: 'summary',
}

/** Reads an ExportMetricsServiceRequest. Throws Unreadable. */
export function readOtlpProtobuf(body: Uint8Array): readonly OtlpBatch[] {
  const reader = new ProtoReader(body)
  const batches: OtlpBatch[] = []
  while (reader.next(body.length)) {
    if (reader.field === 1) batches.push(readResourceMetrics(reader))
    else reader.skip()
  }
  return batches
}

function readResourceMetrics(reader: ProtoReader): OtlpBatch {
  const end = reader.length()
  const resource = new Map<string, string>()
  const metrics: OtlpMetric[] = []
  while (reader.next(end)) {
    if (reader.field === 1) readResource(reader, resource)
    // The second is how the first versions said it.
    else if (reader.field === 2 || reader.field === 1000) readScope(reader, metrics)
    else reader.skip()
  }
  return { resource, metrics }
}

function readResource(reader: ProtoReader, resource: Map<string, string>): void {
  const end = reader.length()
  while (reader.next(end)) {
    if (reader.field === 1) readKeyValue(reader, resource)
    else reader.skip()
  }
}

function readScope(reader: ProtoReader, metrics: OtlpMetric[]): void {
  const end = reader.length()
  while (reader.next(end)) {
    if (reader.field === 2) readMetric(reader, metrics)
    else reader.skip()
  }
}

function readMetric(reader: ProtoReader, metrics: OtlpMetric[]): void {
  const end = reader.length()
  let [name, description, unit] = ['', '', '']
  let read: Omit<OtlpMetric, 'name' | 'description' | 'unit'> | null = null
  while (reader.next(end)) {
    const kind = kinds[reader.field]
    if (kind !== undefined) read = readKind(reader, kind)
    else if (reader.field === 1) name = reader.text()
    else if (reader.field === 2) description = reader.text()
    else if (reader.field === 3) unit = reader.text()
    else reader.skip()
  }
  if (read !== null) metrics.push({ name, description, unit, ...read })
}

function readKind(reader: ProtoReader, kind: Kind): Omit<OtlpMetric, 'name' | 'description' | 'unit'> {
  const end = reader.length()
  const points: Point[] = []
  let [temporality, isMonotonic] = [0, false]
  while (reader.next(end)) {
    if (reader.field === 1) points.push(readPoint(reader, kind))
    else if (reader.field === 2) temporality = reader.uint()
    else if (reader.field === 3) isMonotonic = reader.uint() !== 0
    else reader.skip()
  }
  return { kind, isDelta: temporality === deltaTemporality, isMonotonic, points }
}
