import { quoted } from './quote.ts'

const form = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/

const units = [
  { name: 'y', ms: 365 * 86_400_000 },
  { name: 'w', ms: 7 * 86_400_000 },
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'm', ms: 60_000 },
  { name: 's', ms: 1000 },
  { name: 'ms', ms: 1 },
]

/** Durations are kept in nanoseconds there, in 63 bits. */
const longestMs = 9_223_372_036_854

/** The milliseconds of `1h30m`, or what is wrong with it. */
export function parseDuration(text: string): Readonly<{ ms: number }> | Readonly<{ fault: string }> {
  if (text === '') return { fault: 'empty duration string' }
  const match = text === '0' ? ['0'] : form.exec(text)
  if (match === null) return { fault: `not a valid duration string: ${quoted(text)}` }
  const ms = units.reduce((sum, unit, at) => sum + Number(match[at + 1] ?? 0) * unit.ms, 0)
  return ms > longestMs ? { fault: 'duration out of range' } : { ms }
}

/** The shortest way to write milliseconds: `1h30m`; years and weeks only where nothing is left over. */
export function durationText(ms: number): string {
  if (ms === 0) return '0s'
  let rest = Math.abs(ms)
  let text = ''
  for (const unit of units) {
    const isWhole = unit.name === 'y' || unit.name === 'w'
    if (isWhole && rest % unit.ms !== 0) continue
    const count = Math.floor(rest / unit.ms)
    if (count > 0) text += `${count}${unit.name}`
    rest -= count * unit.ms
  }
  return ms < 0 ? `-${text}` : text
}
