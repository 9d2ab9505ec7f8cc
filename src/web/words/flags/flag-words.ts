import type { FlagUse, UseLine } from '../../../api/wire/flag-use.ts'
import type { FlagView } from '../../../api/wire/flags.ts'
import type { Flag } from '../../../../sdk/flag/flag.ts'

/** How a flag stands, in a word and its tone. */
export function stateOf({ on, rules = [], requires = [] }: Flag): Readonly<{ word: string; tone: string }> {
  if (!on) return { word: 'off', tone: 'quiet' }
  return rules.length + requires.length === 0
    ? { word: 'on for all', tone: 'good' }
    : { word: 'on by rules', tone: 'busy' }
}

/** What the switched-off flag gives, or what those get whom no rule decides. */
export function servedWords({ variants }: Flag, variant: string | null): string {
  if (variant === null) return "the program's own default"
  const value = variants[variant]
  return typeof value === 'boolean' ? variant : `${variant} (${valueWords(value)})`
}

const longest = 60

export function valueWords(value: unknown): string {
  const text = JSON.stringify(value) ?? ''
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** Counts of the last day by variant, the most frequent first; `''` is the program's own default. */
export function countsByVariant(
  lines: readonly UseLine[],
): readonly Readonly<{ variant: string; count: number }>[] {
  const counts = new Map<string, number>()
  for (const { variant, count } of lines) counts.set(variant ?? '', (counts.get(variant ?? '') ?? 0) + count)
  return [...counts].map(([variant, count]) => ({ variant, count })).toSorted((a, b) => b.count - a.count)
}

/** `12,043 in 24 h: on 75 %, off 25 %`. */
export function useWords(use: FlagUse | undefined): string {
  const counts = countsByVariant(use?.day ?? [])
  const all = counts.reduce((sum, { count }) => sum + count, 0)
  if (all === 0) return 'not asked in 24 h'
  const shares = counts
    .slice(0, 3)
    .map(({ variant, count }) => `${variant || 'own default'} ${shareWords(count, all)}`)
  return `${all.toLocaleString('en-GB')} in 24 h: ${shares.join(', ')}`
}

/** A part of a whole; what is some is never shown as none. */
export function shareWords(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (100 * part) / whole
  if (percent > 0 && percent < 1) return '< 1 %'
  if (percent < 100 && percent > 99) return '> 99 %'
  return `${Math.round(percent)} %`
}

/** Whether a flag says it should be gone by now. */
export function isExpired({ flag }: FlagView, now: number): boolean {
  const expires = flag.about?.expires
  return expires !== undefined && expires <= new Date(now).toISOString().slice(0, 10)
}

/** Whether a row of the list has all the words somebody looks for. */
export function fits({ key, flag }: FlagView, text: string): boolean {
  const { owner = '', description = '', tags = [] } = flag.about ?? {}
  const row = [key, owner, description, ...tags].join(' ').toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => row.includes(word))
}
