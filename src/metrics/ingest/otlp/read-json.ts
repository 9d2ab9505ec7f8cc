import { Unreadable } from '../unreadable.ts'
import {
  type Attributes,
  type Buckets,
  deepest,
  deltaTemporality,
  goneFlag,
  type Kind,
  noPoint,
  type OtlpBatch,
  type OtlpMetric,
  type Point,
} from './model.ts'
import { textOf } from './protobuf-values.ts'

type Fields = Readonly<Record<string, unknown>>

const kinds = [
  ['gauge', 'gauge'],
  ['sum', 'sum'],
  ['histogram', 'histogram'],
  ['exponentialHistogram', 'exponential'],
  ['summary', 'summary'],
] as const satisfies readonly (readonly [string, Kind])[]

/** Reads an ExportMetricsServiceRequest in JSON: names in camelCase, 64-bit numbers as texts or numbers. Throws Unreadable. */
export function readOtlpJson(body: Uint8Array): readonly OtlpBatch[] {
  return listIn(fieldsOf(parsed(body), 'the body'), 'resourceMetrics').map((each) => ({
    resource: attributesIn(fieldsIn(each, 'resource')),
    metrics: listIn(each, 'scopeMetrics').flatMap((scope) => listIn(scope, 'metrics').flatMap(metricOf)),
  }))
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Unreadable(`the body is not JSON: ${why.slice(0, 200)}`, { cause })
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function metricOf(fields: Fields): readonly OtlpMetric[] {
  const found = kinds.find(([name]) => fields[name] !== undefined && fields[name] !== null)
  if (found === undefined) return []
  const [name, kind] = found
  const inside = fieldsIn(fields, name)
  const temporality = inside['aggregationTemporality']
  return [
    {
      name: textIn(fields, 'name'),
      description: textIn(fields, 'description'),
      unit: textIn(fields, 'unit'),
      kind,
      isDelta: temporality === deltaTemporality || temporality === 'AGGREGATION_TEMPORALITY_DELTA',
      isMonotonic: inside['isMonotonic'] === true,
      points: listIn(inside, 'dataPoints').map(pointOf),
    },
  ]
}

function pointOf(fields: Fields): Point {
  return {
    ...noPoint,
    attributes: attributesIn(fields),
    ms: Math.floor(numberIn(fields, 'timeUnixNano') / 1e6),
    isGone: (numberIn(fields, 'flags') & goneFlag) !== 0,
    value: fields['asDouble'] === undefined ? numberIn(fields, 'asInt') : numberIn(fields, 'asDouble'),
    count: numberIn(fields, 'count'),
    sum: fields['sum'] === undefined || fields['sum'] === null ? null : numberIn(fields, 'sum'),
    bucketCounts: numbersIn(fields, 'bucketCounts'),
    bounds: numbersIn(fields, 'explicitBounds'),
    quantiles: listIn(fields, 'quantileValues').map((each) => ({
      quantile: numberIn(each, 'quantile'),
      value: numberIn(each, 'value'),
    })),
    scale: numberIn(fields, 'scale'),
    zeroCount: numberIn(fields, 'zeroCount'),
    positive: bucketsIn(fields, 'positive'),
    negative: bucketsIn(fields, 'negative'),
  }
}

function bucketsIn(fields: Fields, name: string): Buckets {
  const inside = fieldsIn(fields, name)
  return { offset: numberIn(inside, 'offset'), counts: numbersIn(inside, 'bucketCounts') }
}

function attributesIn(fields: Fields): Attributes {
  const found = new Map<string, string>()
  for (const each of listIn(fields, 'attributes')) {
    const key = textIn(each, 'key')
    if (key !== '') found.set(key, textOf(valueOf(fieldsIn(each, 'value'), 0)))
  }
  return found
}

function valueOf(fields: Fields, depth: number): unknown {
  if (depth > deepest) throw new Unreadable(`an attribute is more than ${deepest} levels deep`)
  const { stringValue, boolValue, doubleValue, bytesValue } = fields
  for (const plain of [stringValue, bytesValue]) if (typeof plain === 'string') return plain
  if (typeof boolValue === 'boolean') return boolValue
  if (fields['intValue'] !== undefined) return numberIn(fields, 'intValue')
  if (doubleValue !== undefined) return numberIn(fields, 'doubleValue')
  if (fields['arrayValue'] !== undefined)
    return listIn(fieldsIn(fields, 'arrayValue'), 'values').map((each) => valueOf(each, depth + 1))
  if (fields['kvlistValue'] === undefined) return ''
  const pairs = listIn(fieldsIn(fields, 'kvlistValue'), 'values')
  return Object.fromEntries(
    pairs.map((each) => [textIn(each, 'key'), valueOf(fieldsIn(each, 'value'), depth + 1)]),
  )
}

function fieldsOf(value: unknown, where: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new Unreadable(`${where}: expected an object`)
}

function fieldsIn(fields: Fields, name: string): Fields {
  const value = fields[name]
  return value === undefined || value === null ? {} : fieldsOf(value, name)
}

function listIn(fields: Fields, name: string): readonly Fields[] {
  const value = fields[name]
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new Unreadable(`${name}: expected a list`)
  return value.map((each) => fieldsOf(each, name))
}

function textIn(fields: Fields, name: string): string {
  const value = fields[name]
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') throw new Unreadable(`${name}: expected a text`)
  return value
}

function numberIn(fields: Fields, name: string): number {
  return numberOf(fields[name] ?? 0, name)
}

function numbersIn(fields: Fields, name: string): readonly number[] {
  const value = fields[name]
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new Unreadable(`${name}: expected a list of numbers`)
  return value.map((each) => numberOf(each, name))
}

const special: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity, '-Infinity': -Infinity }

function numberOf(value: unknown, name: string): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string' && Object.hasOwn(special, value)) return special[value] ?? Number.NaN
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  if (Number.isNaN(number)) throw new Unreadable(`${name}: expected a number`)
  return number
}
