import type { Expectation } from '../../../../sdk/flag/flag.ts'
import { expectationIn } from '../../../words/expectation.ts'

/** What must hold, a line for each; null where one says nothing of a number. */
export function watchIn(text: string): readonly Expectation[] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const watch = lines.map(expectationIn).filter((one) => one !== null)
  return watch.length === lines.length ? watch : null
}
