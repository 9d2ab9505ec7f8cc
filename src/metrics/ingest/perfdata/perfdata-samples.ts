import type { Described } from '../../intake.ts'
import { metricName } from '../../labels.ts'
import type { Said } from '../join-labels.ts'
import type { Perfdatum, Range } from './perfdata.ts'

/** A sample of what a plugin said, and what its metric is. */
export type PerfSample = Readonly<{ said: Said; value: number; described: Described }>

/**
 * What a number of a check becomes: `nagios_CHECK_LABEL{perf="LABEL"}`, and beside it thresholds and ends where they were
 * said: `…_warn` and `…_crit` with `bound`, `…_min`, `…_max`.
 */
export function perfSamples(check: string, datum: Perfdatum): readonly PerfSample[] {
  const { label, value, unit, warn, crit, min, max } = datum
  const name = ['nagios', named(check), named(label)].filter((part) => part !== '').join('_')
  const isCounter = unit === 'counter'
  const say = (suffix: string, said: number | null, more: readonly (readonly [string, string])[] = []) => {
    if (said === null) return []
    const described: Described = {
      type: isCounter && suffix === '' ? 'counter' : 'gauge',
      help: `${check}: ${label}${suffix === '' ? '' : `, ${suffix.slice(1)}`}, as a plugin of Nagios says it`,
      unit: isCounter ? '' : unit,
    }
    return [
      { said: new Map([[metricName, name + suffix], ['perf', label], ...more]), value: said, described },
    ]
  }
  const bounds = (suffix: string, range: Range | null) =>
    range === null
      ? []
      : [...say(suffix, lower(range), [['bound', 'lower']]), ...say(suffix, range.to, [['bound', 'upper']])]
  return [
    ...say('', value),
    ...bounds('_warn', warn),
    ...bounds('_crit', crit),
    ...say('_min', min),
    ...say('_max', max),
  ]
}

/** A range from 0 is how people write one that has only an upper end. */
function lower({ from, to }: Range): number | null {
  return from === 0 && to !== null ? null : from
}

function named(text: string): string {
  return text.replaceAll(/[^a-zA-Z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '')
}
