import type { Unit } from '../../state/metrics/panel.ts'

/** A number with its unit, short enough for an axis. */
export function unitWords(value: number, unit: Unit): string {
  switch (unit) {
    case 'number':
      return scaled(value, 1_000, ['', ' k', ' M', ' G', ' T'])
    case 'per second':
      return `${scaled(value, 1_000, ['', ' k', ' M', ' G', ' T'])}/s`
    case 'seconds':
      return secondsWords(value)
    case 'milliseconds':
      return secondsWords(value / 1_000)
    case 'bytes':
      return scaled(value, 1_024, [' B', ' KB', ' MB', ' GB', ' TB', ' PB'])
    case 'bytes per second':
      return `${scaled(value, 1_024, [' B', ' KB', ' MB', ' GB', ' TB', ' PB'])}/s`
    case 'percent':
      return `${digits(value)} %`
    case 'share':
      return `${digits(value * 100)} %`
  }
}

const hour = 3_600
const day = 24 * hour

function secondsWords(seconds: number): string {
  const size = Math.abs(seconds)
  if (size === 0) return '0 s'
  if (size < 1e-3) return `${digits(seconds * 1e6)} µs`
  if (size < 1) return `${digits(seconds * 1e3)} ms`
  if (size < 120) return `${digits(seconds)} s`
  if (size < 2 * hour) return `${digits(seconds / 60)} min`
  return size < 2 * day ? `${digits(seconds / hour)} h` : `${digits(seconds / day)} d`
}

function scaled(value: number, base: number, names: readonly string[]): string {
  let [rest, place] = [value, 0]
  while (Math.abs(rest) >= base && place < names.length - 1) {
    rest /= base
    place += 1
  }
  return digits(rest) + (names[place] ?? '')
}

/** Three digits that say something; nothing is written as if it were nought that is not. */
function digits(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}
