import type { ProtoReader } from '../protobuf/proto-reader.ts'
import { deepest } from './model.ts'
import { Unreadable } from '../unreadable.ts'

/** Reads a KeyValue that begins here. What is no text becomes one. */
export function readKeyValue(reader: ProtoReader, into: Map<string, string>): void {
  const { key, value } = keyValue(reader, 0)
  if (key !== '') into.set(key, textOf(value))
}

/** What is not one text stands in JSON, as the specification wants it. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function keyValue(reader: ProtoReader, depth: number): Readonly<{ key: string; value: unknown }> {
  const end = reader.length()
  let key = ''
  let value: unknown = ''
  while (reader.next(end)) {
    if (reader.field === 1) key = reader.text()
    else if (reader.field === 2) value = anyValue(reader, depth)
    else reader.skip()
  }
  return { key, value }
}

function anyValue(reader: ProtoReader, depth: number): unknown {
  if (depth > deepest) throw new Unreadable(`an attribute is more than ${deepest} levels deep`)
  const end = reader.length()
  let value: unknown = ''
  while (reader.next(end)) {
    if (reader.field === 1) value = reader.text()
    else if (reader.field === 2) value = reader.uint() !== 0
    else if (reader.field === 3) value = reader.int64()
    else if (reader.field === 4) value = reader.double()
    else if (reader.field === 5) value = list(reader, depth)
    else if (reader.field === 6) value = record(reader, depth)
    else if (reader.field === 7) value = base64(reader)
    else reader.skip()
  }
  return value
}

function list(reader: ProtoReader, depth: number): readonly unknown[] {
  const end = reader.length()
  const values: unknown[] = []
  while (reader.next(end)) {
    if (reader.field === 1) values.push(anyValue(reader, depth + 1))
    else reader.skip()
  }
  return values
}

function record(reader: ProtoReader, depth: number): Readonly<Record<string, unknown>> {
  const end = reader.length()
  const pairs: (readonly [string, unknown])[] = []
  while (reader.next(end)) {
    if (reader.field !== 1) {
      reader.skip()
      continue
    }
    const { key, value } = keyValue(reader, depth + 1)
    pairs.push([key, value])
  }
  return Object.fromEntries(pairs)
}

function base64(reader: ProtoReader): string {
  const end = reader.length()
  const bytes = reader.bytes.subarray(reader.at, end)
  reader.at = end
  return Buffer.from(bytes).toString('base64')
}
