const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** How long, as people say it: `0.4 s`, `12 s`, `1 min 5 s`, `2 h 10 min`, `3 days`. */
export function took(ms: number): string {
  if (ms < 10 * second) return `${(Math.max(0, ms) / second).toFixed(1)} s`
  if (ms < minute) return `${Math.floor(ms / second)} s`
  if (ms < hour) return pair(ms, [minute, 'min'], [second, 's'])
  if (ms < day) return pair(ms, [hour, 'h'], [minute, 'min'])
  return days(ms)
}

/** How long ago `at` was; in a minute or two the clocks of two machines may differ, so never in the future. */
export function ago(at: number, now: number): string {
  const ms = now - at
  if (ms < 5 * second) return 'just now'
  if (ms < minute) return `${Math.floor(ms / second)} s ago`
  if (ms < hour) return `${Math.floor(ms / minute)} min ago`
  if (ms < day) return `${Math.floor(ms / hour)} h ago`
  if (ms < 30 * day) return `${days(ms)} ago`
  return new Date(at).toISOString().slice(0, 10)
}

/** `14:03:59` by the clock of the one who reads. */
export function clock(at: number): string {
  const date = new Date(at)
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}

/** `2026-11-23 14:03:59` by the clock of the one who reads. */
export function stamp(at: number): string {
  const date = new Date(at)
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()]
  return `${parts.map((part) => String(part).padStart(2, '0')).join('-')} ${clock(at)}`
}

function pair(ms: number, [big, bigName]: [number, string], [small, smallName]: [number, string]): string {
  const rest = Math.floor((ms % big) / small)
  return `${Math.floor(ms / big)} ${bigName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`
}

function days(ms: number): string {
  const count = Math.floor(ms / day)
  return `${count} ${count === 1 ? 'day' : 'days'}`
}
