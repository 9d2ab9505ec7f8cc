const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** How long ago, as people say it; a date when it is more than six days. */
export function agoWords(at: number, now: number): string {
  const ms = now - at
  if (ms < 5 * second) return 'just now'
  if (ms < minute) return `${Math.floor(ms / second)} s ago`
  if (ms < hour) return `${Math.floor(ms / minute)} min ago`
  if (ms < day) return `${Math.floor(ms / hour)} h ago`
  if (ms < 7 * day) return `${Math.floor(ms / day)} d ago`
  return dateWords(at, now)
}

/** A day by its date; the year only where it is another one. */
export function dateWords(at: number, now: number): string {
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(at)
}

/** The heading a day gets in a list. */
export function dayWords(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / day)
  if (days <= 0) return 'Today'
  if (days === 1) return 'Yesterday'
  const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long' }).format(at)
  return `${weekday}, ${dateWords(at, now)}`
}

function startOfDay(at: number): number {
  const date = new Date(at)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}

/** How long something took. */
export function tookWords(ms: number): string {
  if (ms < 10 * second) return `${(Math.max(0, ms) / second).toFixed(1)} s`
  if (ms < minute) return `${Math.floor(ms / second)} s`
  if (ms < hour) return `${Math.floor(ms / minute)} min ${Math.floor((ms % minute) / second)} s`
  return `${Math.floor(ms / hour)} h ${Math.floor((ms % hour) / minute)} min`
}

/** How long something has been going on: whole seconds, as tenths would only flicker. */
export const goingWords = (ms: number): string =>
  ms < 10 * second ? `${Math.max(0, Math.floor(ms / second))} s` : tookWords(ms)

/** Date and time to the second, in the reader's zone, with that zone's offset. */
export function exactWords(at: number): string {
  return new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'long',
  }).format(at)
}

/** The time of day to the second: what log lines begin with. */
export const clockWords = (at: number): string => new Date(at).toLocaleTimeString('en-GB')
