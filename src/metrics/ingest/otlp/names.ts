/** How units are called in names of metrics (https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/). */
const units: Readonly<Record<string, string>> = {
  d: 'days',
  h: 'hours',
  min: 'minutes',
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  By: 'bytes',
  KiBy: 'kibibytes',
  MiBy: 'mebibytes',
  GiBy: 'gibibytes',
  TiBy: 'tebibytes',
  KBy: 'kilobytes',
  MBy: 'megabytes',
  GBy: 'gigabytes',
  TBy: 'terabytes',
  m: 'meters',
  V: 'volts',
  A: 'amperes',
  J: 'joules',
  W: 'watts',
  g: 'grams',
  Cel: 'celsius',
  Hz: 'hertz',
  '%': 'percent',
}

const perUnits: Readonly<Record<string, string>> = {
  s: 'second',
  m: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  mo: 'month',
  y: 'year',
}

export type Naming = Readonly<{ name: string; unit: string; kind: string; isMonotonic: boolean }>

/** The unit in the words of names, as `seconds` or `meters_per_second`; empty where there is none. */
export function unitWords(unit: string): string {
  const [main = '', per = ''] = unit.replaceAll(/\{[^}]*\}/g, '').split('/', 2)
  const first = main.trim() === '1' ? '' : wordFor(units, main.trim())
  const second = wordFor(perUnits, per.trim())
  return [first, second === '' ? '' : `per_${second}`].filter((word) => word !== '').join('_')
}

function wordFor(words: Readonly<Record<string, string>>, unit: string): string {
  return Object.hasOwn(words, unit) ? (words[unit] ?? '') : parts(unit).join('_')
}

/** What a metric of OpenTelemetry is called in PromQL: with its unit, and `_total` where it counts. */
export function metricNameOf({ name, unit, kind, isMonotonic }: Naming): string {
  const isCounter = kind === 'sum' && isMonotonic
  const isRatio = kind === 'gauge' && unit === '1'
  const words = parts(name)
  const unitParts = parts(unitWords(unit))
  const hasUnit = unitParts.every((part) => words.includes(part))
  const suffixes = [
    ...(hasUnit ? [] : unitParts),
    ...(isRatio ? ['ratio'] : []),
    ...(isCounter ? ['total'] : []),
  ]
  const kept = words.filter((word) => !(isCounter && word === 'total') && !(isRatio && word === 'ratio'))
  const joined = [...kept, ...suffixes].join('_')
  return /^\d/.test(joined) ? `_${joined}` : joined
}

function parts(text: string): readonly string[] {
  return text.split(/[^a-zA-Z0-9:]+/).filter((part) => part !== '')
}

/** What an attribute is called as a label. */
export function labelNameOf(key: string): string {
  const name = key.replaceAll(/[^a-zA-Z0-9_]/g, '_')
  if (/^\d/.test(name)) return `key_${name}`
  return /^_(?!_)/.test(name) ? `key${name}` : name
}
