import { isLabelName, valueOf, withLabel } from '../../../labels.ts'
import { type Pattern, patternOf } from '../../../regex/pattern.ts'
import { PatternTrouble } from '../../../regex/trouble.ts'
import { bare, type Call, type Expression } from '../../ast.ts'
import { QueryFailure } from '../../failure.ts'
import type { Column } from '../column.ts'
import type { Frame } from '../frame.ts'

/** `label_replace(vector, to, replacement, from, expression)`. */
export function* replaceLabel({ args }: Call, frame: Frame): Iterable<Column> {
  const [vector, ...texts] = args
  const [to = '', replacement = '', from = '', expression = ''] = texts.map(textOf)
  const pattern = patternIn(expression)
  if (!isLabelName(to)) throw wrong('invalid destination label name in label_replace()', to)
  if (vector === undefined) return
  for (const column of frame.vector(vector)) {
    const value = pattern.expand(valueOf(column.labels, from), replacement)
    yield value === null ? column : { ...column, labels: withLabel(column.labels, to, value) }
  }
}

/** `label_join(vector, to, separator, from…)`. */
export function* joinLabels({ args }: Call, frame: Frame): Iterable<Column> {
  const [vector, ...texts] = args
  const [to = '', separator = '', ...from] = texts.map(textOf)
  const wrongFrom = from.find((name) => !isLabelName(name))
  if (wrongFrom !== undefined) throw wrong('invalid source label name in label_join()', wrongFrom)
  if (!isLabelName(to)) throw wrong('invalid destination label name in label_join()', to)
  if (vector === undefined) return
  for (const column of frame.vector(vector)) {
    const value = from.map((name) => valueOf(column.labels, name)).join(separator)
    yield { ...column, labels: withLabel(column.labels, to, value) }
  }
}

function patternIn(expression: string): Pattern {
  try {
    return patternOf(expression)
  } catch (error) {
    if (error instanceof PatternTrouble)
      throw wrong('invalid regular expression in label_replace()', expression)
    throw error
  }
}

function wrong(what: string, text: string): QueryFailure {
  return new QueryFailure('execution', `${what}: ${text}`)
}

function textOf(expression: Expression): string {
  const literal = bare(expression)
  return literal.type === 'string' ? literal.value : ''
}
