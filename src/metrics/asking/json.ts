import type { Labels } from '../labels.ts'
import type { Sample, Series, Value } from '../promql/answer.ts'
import { decimalText, valueText } from '../promql/format.ts'

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

/** Seconds, with three decimals where they are not whole. */
function timeJson(ms: number): string {
  const size = Math.abs(ms)
  const rest = size % 1000
  const whole = `${ms < 0 ? '-' : ''}${Math.floor(size / 1000)}`
  return rest === 0 ? whole : `${whole}.${String(rest).padStart(3, '0')}`
}

export function pointJson(ms: number, value: number): string {
  return `[${timeJson(ms)},"${valueText(value)}"]`
}

function sampleJson({ labels, atMs, value }: Sample): string {
  return `{"metric":${labelsJson(labels)},"value":${pointJson(atMs, value)}}`
}

function seriesJson({ labels, times, values }: Series): string {
  const points: string[] = []
  for (let at = 0; at < times.length; at += 1) points.push(pointJson(times[at] ?? 0, values[at] ?? 0))
  return `{"metric":${labelsJson(labels)},"values":[${points.join(',')}]}`
}

/** What a query came to. */
export function valueJson(value: Value): string {
  return `{"resultType":"${value.type}","result":${resultJson(value)}}`
}

function resultJson(value: Value): string {
  switch (value.type) {
    case 'scalar':
      return `[${value.atMs / 1000},"${decimalText(value.value)}"]`
    case 'string':
      return `[${value.atMs / 1000},${textJson(value.value)}]`
    case 'vector':
      return `[${value.samples.map(sampleJson).join(',')}]`
    case 'matrix':
      return `[${value.series.map(seriesJson).join(',')}]`
  }
}
