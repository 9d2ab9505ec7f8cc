import { stamp } from '../../words/time.ts'

/** Of which times samples are deleted; null: without an end. */
export function spanText({ from, to }: Readonly<{ from: number | null; to: number | null }>): string {
  if (from === null && to === null) return 'of all times'
  const parts = [from === null ? '' : `from ${stamp(from)}`, to === null ? '' : `to ${stamp(to)}`]
  return parts.filter((part) => part !== '').join(' ')
}
