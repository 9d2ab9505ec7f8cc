import type { CharSet } from '../../../sdk/regex/set.ts'

/** Where in the text, without taking a character: `word` and `no word` are the two sides of `\b`. */
export type Place = 'text start' | 'text end' | 'line start' | 'line end' | 'word' | 'no word'

/** An expression as a tree. `max` may be Infinity; a group counts from 1. */
export type Tree =
  | Readonly<{ type: 'set'; set: CharSet }>
  | Readonly<{ type: 'place'; at: Place }>
  | Readonly<{ type: 'sequence'; parts: readonly Tree[] }>
  | Readonly<{ type: 'choice'; parts: readonly Tree[] }>
  | Readonly<{ type: 'repeat'; part: Tree; min: number; max: number; isLazy: boolean }>
  | Readonly<{ type: 'group'; part: Tree; number: number; name: string }>
