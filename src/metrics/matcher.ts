import { type Labels, valueOf } from './labels.ts'
import { patternOf } from './regex/pattern.ts'

export type MatchOperator = '=' | '!=' | '=~' | '!~'

/** One condition on a label. A label that is not there has the empty value. */
export type Matcher = Readonly<{ name: string; operator: MatchOperator; value: string }>

/** Whether a value meets the condition. Throws PatternTrouble on an expression that is none. */
export function testOf({ operator, value }: Matcher): (value: string) => boolean {
  switch (operator) {
    case '=':
      return (found) => found === value
    case '!=':
      return (found) => found !== value
    case '=~':
      return patternOf(value).matches
    case '!~': {
      const { matches } = patternOf(value)
      return (found) => !matches(found)
    }
  }
}

/** Whether labels meet all conditions. Throws PatternTrouble on an expression that is none. */
export function testOfAll(matchers: readonly Matcher[]): (labels: Labels) => boolean {
  const tests = matchers.map((matcher) => ({ name: matcher.name, test: testOf(matcher) }))
  return (labels) => tests.every(({ name, test }) => test(valueOf(labels, name)))
}
