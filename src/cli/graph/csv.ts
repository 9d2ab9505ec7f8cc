import type { Drawn } from './drawn.ts'

/** A line for each time, a column for each series; what is missing is empty, as in RFC 4180. */
export function csvOf({ series, span }: Drawn): readonly string[] {
  const points = Math.floor((span.toMs - span.fromMs) / span.stepMs) + 1
  const head = ['time', ...series.map(({ name }) => quoted(name))].join(',')
  const lines = Array.from({ length: points }, (_, at) => {
    const time = new Date(span.fromMs + at * span.stepMs).toISOString()
    return [time, ...series.map(({ values }) => numberText(values[at] ?? NaN))].join(',')
  })
  return [head, ...lines]
}

const numberText = (value: number): string => (Number.isNaN(value) ? '' : String(value))

/** Also what a spreadsheet would take for a formula is text. */
function quoted(text: string): string {
  const harmless = /^[=+\-@]/.test(text) ? `'${text}` : text
  return /[",\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
