import type { AttributePath, Condition } from '../../../sdk/flag/flag.ts'
import { NoEqual } from './remark.ts'

/** Where in a text one of the words must stand. */
export type Place = 'whole' | 'start' | 'end' | 'anywhere'

/** That a text has one of these words in upper or lower case. Throws NoEqual for other letters than those of ASCII. */
export function anyCase(attribute: AttributePath, words: readonly string[], place: Place): Condition {
  const foreign = words.find((word) => Buffer.byteLength(word) > word.length)
  if (foreign !== undefined)
    throw new NoEqual(`upper and lower case are one for letters of ASCII only, and not in '${foreign}'`)
  const before = place === 'start' || place === 'whole' ? '^' : ''
  const after = place === 'end' || place === 'whole' ? '$' : ''
  const escaped = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`))
  return { attribute, op: 'matches', value: escaped.map((word) => `(?i)${before}${word}${after}`) }
}
