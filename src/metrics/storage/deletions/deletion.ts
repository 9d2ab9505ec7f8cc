import type { Labels } from '../../labels.ts'
import { type Matcher, testOfAll } from '../../matcher.ts'
import type { Span } from '../window.ts'

/** Samples that are gone: those of these series and times which lay in blocks when somebody said so. */
export type Deletion = Span &
  Readonly<{
    /** Series that meet all conditions of one of these lists. */
    matchers: readonly (readonly Matcher[])[]
    /** The count of the newest block by then: what was taken later is none of its matter. */
    upTo: number
    who: string
    atMs: number
  }>

/** What somebody wants gone. */
export type DeletionWish = Omit<Deletion, 'upTo'>

/** Whether series are meant. Throws PatternTrouble. */
export function meansOf({ matchers }: Pick<Deletion, 'matchers'>): (labels: Labels) => boolean {
  const tests = matchers.map(testOfAll)
  return (labels) => tests.some((test) => test(labels))
}
