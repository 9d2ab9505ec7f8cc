import { type Args, usage } from '../args.ts'

/** What is drawn: from, to and the time between two points, in milliseconds. */
export type Span = Readonly<{ fromMs: number; toMs: number; stepMs: number }>

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
}
const usualMs = 3_600_000
/** The engine answers no more points of a series. */
const pointsLimit = 11_000
/** Steps that people can count in. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400]

/** The span that the options say; `points` is how many can be shown. */
export function spanIn(args: Args, now: number, points: number): Span {
  const [from, to, last] = [args.text('from'), args.text('to'), args.text('last')]
  if (from !== null && last !== null)
    throw usage('--from and --last both say where to begin', 'leave one of the two out')
  const toMs = to === null ? now : timeIn(to, 'to', now)
  const fromMs =
    from === null ? toMs - (last === null ? usualMs : lengthIn(last, 'last')) : timeIn(from, 'from', now)
  if (fromMs >= toMs) throw usage('that ends before it begins', 'write --from before --to')
  const step = args.text('step')
  const stepMs = step === null ? stepFor(toMs - fromMs, points) : lengthIn(step, 'step')
  if ((toMs - fromMs) / stepMs > pointsLimit)
    throw usage(
      `--step ${step} makes more than ${pointsLimit.toLocaleString('en')} points`,
      'write a longer one',
    )
  // At whole multiples, so that a picture that is drawn anew does not shake.
  return { fromMs: Math.floor(fromMs / stepMs) * stepMs, toMs: Math.floor(toMs / stepMs) * stepMs, stepMs }
}

function stepFor(lengthMs: number, points: number): number {
  const least = lengthMs / 1000 / Math.min(points, pointsLimit)
  return (steps.find((step) => step >= least) ?? Math.ceil(least / 86_400) * 86_400) * 1000
}

/** `90s`, `15m`, `1h30m`. */
function lengthIn(written: string, option: string): number {
  const parts = [...written.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)]
  const ms = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? NaN), 0)
  if (parts.map(([whole]) => whole).join('') === written && ms > 0) return ms
  throw usage(`--${option} ${written} is no length of time`, `write a number and its unit: --${option} 15m`)
}

/** `now`, `2h` or `-2h` ago, seconds since the epoch, or a date as ISO 8601 writes it, by the clock of who reads. */
export function timeIn(written: string, option: string, now: number): number {
  if (written === 'now') return now
  if (/^\d{9,10}(\.\d+)?$/.test(written)) return Number(written) * 1000
  if (/^-?\d+(\.\d+)?(ms|[smhdw])/.test(written)) return now - lengthIn(written.replace(/^-/, ''), option)
  const parsed = Date.parse(
    /^\d{4}-\d\d-\d\d$/.test(written) ? `${written}T00:00` : written.replace(' ', 'T'),
  )
  if (!Number.isNaN(parsed)) return parsed
  throw usage(`--${option} ${written} is no time`, `write --${option} 2h, or --${option} '2026-11-27 09:30'`)
}
