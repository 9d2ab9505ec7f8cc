import { type Labels, recordOf } from '../labels.ts'
import type { Value } from './answer.ts'
import { decimalText, secondsText, valueText } from './format.ts'

/** A value as the API of Prometheus answers it: times are numbers in seconds, values are texts. */
export function answerJson(value: Value): string {
  return `{"resultType":"${value.type}","result":${resultJson(value)}}`
}

function resultJson(value: Value): string {
  switch (value.type) {
    case 'scalar':
      // Prometheus writes scalars, and only them, without exponents.
      return `[${secondsText(value.atMs)},"${decimalText(value.value)}"]`
    case 'string':
      return `[${secondsText(value.atMs)},${JSON.stringify(value.value)}]`
    case 'vector':
      return list(
        value.samples,
        ({ labels, atMs, value: number }) => `${metric(labels)},"value":${point(atMs, number)}}`,
      )
    case 'matrix':
      return list(
        value.series,
        ({ labels, times, values }) => `${metric(labels)},"values":${points(times, values)}}`,
      )
  }
}

function list<T>(items: readonly T[], json: (item: T) => string): string {
  return `[${items.map(json).join()}]`
}

function metric(labels: Labels): string {
  return `{"metric":${JSON.stringify(recordOf(labels))}`
}

function point(atMs: number, value: number): string {
  return `[${secondsText(atMs)},"${valueText(value)}"]`
}

function points(times: Float64Array, values: Float64Array): string {
  let json = ''
  for (let at = 0; at < times.length; at += 1)
    json += `${at === 0 ? '' : ','}${point(times[at] ?? 0, values[at] ?? 0)}`
  return `[${json}]`
}
