/** The times that cron of Debian understands. */

const words = ['@reboot', '@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly', '@annually']
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

type Field = Readonly<{ what: string; least: number; most: number; names: readonly string[] }>

const fields: readonly Field[] = [
  { what: 'minute', least: 0, most: 59, names: [] },
  { what: 'hour', least: 0, most: 23, names: [] },
  { what: 'day of the month', least: 1, most: 31, names: [] },
  { what: 'month', least: 1, most: 12, names: months },
  { what: 'day of the week', least: 0, most: 7, names: days },
]

/** What to do about a schedule that cron would not take; null when it takes it. */
export function cronMistake(written: string): string | null {
  const parts = written.trim().split(/\s+/)
  if (parts.length === 1 && parts[0]?.startsWith('@')) {
    return words.includes(parts[0]) ? null : `known words: ${words.join(', ')}`
  }
  if (parts.length !== fields.length) {
    return `write five fields: ${fields.map(({ what }) => what).join(', ')}`
  }
  const wrong = fields.find((field, nth) => !takes(field, parts[nth] ?? ''))
  return wrong === undefined ? null : `the ${wrong.what} goes from ${wrong.least} to ${wrong.most}`
}

function takes(field: Field, part: string): boolean {
  return part.split(',').every((range) => {
    const [, from = '', to, step] = /^([^-/]+)(?:-([^-/]+))?(?:\/([1-9]\d{0,2}))?$/.exec(range) ?? []
    if (from === '*') return to === undefined && (step === undefined || Number(step) <= field.most)
    const first = numberOf(field, from)
    if (first === null) return false
    if (to === undefined) return step === undefined
    const last = numberOf(field, to)
    return last !== null && first <= last
  })
}

function numberOf({ least, most, names }: Field, written: string): number | null {
  const name = names.indexOf(written.toLowerCase())
  if (name !== -1) return name + least
  const count = /^\d{1,2}$/.test(written) ? Number(written) : null
  return count !== null && count >= least && count <= most ? count : null
}
