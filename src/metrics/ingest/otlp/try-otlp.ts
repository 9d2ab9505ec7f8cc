import { ByteWriter } from '../../storage/codec/bytes.ts'

/** How a field is written, and where it stands: enough of the protocol's description to write what tests say in JSON. */
type Field =
  | Readonly<{
      at: number
      as: 'text' | 'double' | 'int' | 'zigzag' | 'bool' | 'fixed' | 'bytes' | 'fixeds' | 'doubles' | 'ints'
    }>
  | Readonly<{ at: number; as: 'message'; of: Message }>

type Message = () => Readonly<Record<string, Field>>

type Json = Readonly<Record<string, unknown>>

/** The protocol buffers of a request that is given in JSON. Fields that are not known to be there are a mistake of the test. */
export function otlpProtobuf(request: Json): Uint8Array {
  return message(request, requestFields)
}

const text = (at: number): Field => ({ at, as: 'text' })
const inner = (at: number, of: Message): Field => ({ at, as: 'message', of })

const requestFields: Message = () => ({ resourceMetrics: inner(1, resourceFields) })
const resourceFields: Message = () => ({
  resource: inner(1, () => ({ attributes: inner(1, pair) })),
  scopeMetrics: inner(2, () => ({
    scope: inner(1, () => ({ name: text(1) })),
    metrics: inner(2, metricFields),
  })),
})
const metricFields: Message = () => ({
  name: text(1),
  description: text(2),
  unit: text(3),
  gauge: inner(5, kindFields(numberFields)),
  sum: inner(7, kindFields(numberFields)),
  histogram: inner(9, kindFields(histogramFields)),
  exponentialHistogram: inner(10, kindFields(exponentialFields)),
  summary: inner(11, kindFields(summaryFields)),
})
const kindFields =
  (points: Message): Message =>
  () => ({
    dataPoints: inner(1, points),
    aggregationTemporality: { at: 2, as: 'int' },
    isMonotonic: { at: 3, as: 'bool' },
  })
const numberFields: Message = () => ({
  timeUnixNano: { at: 3, as: 'fixed' },
  asDouble: { at: 4, as: 'double' },
  asInt: { at: 6, as: 'fixed' },
  attributes: inner(7, pair),
  flags: { at: 8, as: 'int' },
})
const histogramFields: Message = () => ({
  timeUnixNano: { at: 3, as: 'fixed' },
  count: { at: 4, as: 'fixed' },
  sum: { at: 5, as: 'double' },
  bucketCounts: { at: 6, as: 'fixeds' },
  explicitBounds: { at: 7, as: 'doubles' },
  attributes: inner(9, pair),
})
const exponentialFields: Message = () => ({
  timeUnixNano: { at: 3, as: 'fixed' },
  count: { at: 4, as: 'fixed' },
  sum: { at: 5, as: 'double' },
  scale: { at: 6, as: 'zigzag' },
  zeroCount: { at: 7, as: 'fixed' },
  positive: inner(8, bucketFields),
  negative: inner(9, bucketFields),
})
const bucketFields: Message = () => ({ offset: { at: 1, as: 'zigzag' }, bucketCounts: { at: 2, as: 'ints' } })
const summaryFields: Message = () => ({
  timeUnixNano: { at: 3, as: 'fixed' },
  count: { at: 4, as: 'fixed' },
  sum: { at: 5, as: 'double' },
  quantileValues: inner(6, () => ({ quantile: { at: 1, as: 'double' }, value: { at: 2, as: 'double' } })),
})
const pair: Message = () => ({ key: text(1), value: inner(2, value) })
const value: Message = () => ({
  stringValue: text(1),
  boolValue: { at: 2, as: 'bool' },
  intValue: { at: 3, as: 'int' },
  doubleValue: { at: 4, as: 'double' },
  arrayValue: inner(5, () => ({ values: inner(1, value) })),
  kvlistValue: inner(6, () => ({ values: inner(1, pair) })),
  bytesValue: { at: 7, as: 'bytes' },
})

function message(json: Json, fields: Message): Uint8Array {
  const into = new ByteWriter()
  const known = fields()
  for (const [name, said] of Object.entries(json)) {
    const field = known[name]
    if (field === undefined) throw new Error(`try-otlp.ts does not know ${name}`)
    if (field.as === 'message') {
      for (const each of Array.isArray(said) ? said : [said])
        putBytes(into, field.at, message(each as Json, field.of))
    } else put(into, field.at, field.as, said)
  }
  return into.bytes().slice()
}

type Scalar = Exclude<Field['as'], 'message'>

const wireTypes: Readonly<Record<Scalar, number>> = {
  int: 0,
  zigzag: 0,
  bool: 0,
  double: 1,
  fixed: 1,
  text: 2,
  bytes: 2,
  fixeds: 2,
  doubles: 2,
  ints: 2,
}

function put(into: ByteWriter, at: number, as: Scalar, said: unknown): void {
  const content = contentOf(as, said)
  const type = wireTypes[as]
  into.varint(at * 8 + type)
  if (type === 2) into.varint(content.length)
  into.put(content)
}

function contentOf(as: Scalar, said: unknown): Uint8Array {
  const number = Number(said)
  const list = Array.isArray(said) ? said.map(Number) : []
  switch (as) {
    case 'text':
      return Buffer.from(String(said))
    case 'bytes':
      return Buffer.from(String(said), 'base64')
    case 'double':
      return new Uint8Array(Float64Array.of(number).buffer)
    case 'fixed':
      return fixedBytes(String(said))
    case 'int':
      return intBytes(number)
    case 'zigzag':
      return intBytes(number < 0 ? -2 * number - 1 : 2 * number)
    case 'bool':
      return Uint8Array.of(said === true ? 1 : 0)
    case 'fixeds':
      return Buffer.concat(list.map((each) => fixedBytes(String(each))))
    case 'doubles':
      return new Uint8Array(Float64Array.from(list).buffer)
    case 'ints':
      return Buffer.concat(list.map(intBytes))
  }
}

function putBytes(into: ByteWriter, at: number, bytes: Uint8Array): void {
  into.varint(at * 8 + 2)
  into.varint(bytes.length)
  into.put(bytes)
}

function fixedBytes(digits: string): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(digits))
  return bytes
}

/** Numbers below 0 take ten bytes, as if they had 64 bits without a sign. */
function intBytes(number: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(number))
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(rest)])
}
