import type { Labels } from '../labels.ts'
import type { Value } from '../promql/answer.ts'
import { decimalText } from '../promql/format.ts'
import type { JsonBytes } from './json-bytes.ts'

const odd = /[<>&\u2028\u2029\b\f]/g

/** A text in JSON as Go writes it, which is careful with what stands in pages. */
export function textJson(text: string): string {
  return JSON.stringify(text.isWellFormed() ? text : text.toWellFormed())
    .replaceAll('\\b', (found, at: number, whole: string) => unlessEscaped(whole, at, '\\u0008', found))
    .replaceAll('\\f', (found, at: number, whole: string) => unlessEscaped(whole, at, '\\u000c', found))
    .replace(odd, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** What looks like an escape is none where the stroke before it is escaped itself. */
function unlessEscaped(whole: string, at: number, other: string, found: string): string {
  let strokes = 0
  while (whole[at - strokes - 1] === '\\') strokes += 1
  return strokes % 2 === 0 ? other : found
}

export function labelsJson(labels: Labels): string {
  const pairs: string[] = []
  for (let at = 0; at < labels.length; at += 2)
    pairs.push(`${textJson(labels[at] ?? '')}:${textJson(labels[at + 1] ?? '')}`)
  return `{${pairs.join(',')}}`
}

/** What a query came to. */
export function writeValue(value: Value, into: JsonBytes): void {
  into.text(`{"resultType":"${value.type}","result":`)
  writeResult(value, into)
  into.text('}')
}

function writeResult(value: Value, into: JsonBytes): void {
  switch (value.type) {
    case 'scalar':
      return void into.text(`[${value.atMs / 1000},"${decimalText(value.value)}"]`)
    case 'string':
      return void into.text(`[${value.atMs / 1000},${textJson(value.value)}]`)
    case 'vector':
      return writeList(value.samples, into, ({ labels, atMs, value: found }) =>
        into
          .text(`{"metric":${labelsJson(labels)},"value":`)
          .point(atMs, found)
          .text('}'),
      )
    case 'matrix':
      return writeList(value.series, into, ({ labels, times, values }) =>
        into
          .text(`{"metric":${labelsJson(labels)},"values":`)
          .points(times, values)
          .text('}'),
      )
  }
}

function writeList<T>(list: readonly T[], into: JsonBytes, write: (one: T) => void): void {
  into.text('[')
  for (const [at, one] of list.entries()) {
    if (at > 0) into.text(',')
    write(one)
  }
  into.text(']')
}
