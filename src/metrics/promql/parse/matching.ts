import type { Matching } from '../ast.ts'
import { isLabelName } from '../../labels.ts'
import type { Cursor } from './cursor.ts'
import { mayBegin } from './selector.ts'
import type { TokenType } from './token.ts'

const where = 'grouping opts'

/** Words that are keywords elsewhere and may be labels in a list of labels. */
const labelWords: ReadonlySet<TokenType> = new Set<TokenType>([
  'avg',
  'bool',
  'bottomk',
  'by',
  'count',
  'count_values',
  'group',
  'group_left',
  'group_right',
  'identifier',
  'ignoring',
  'and',
  'or',
  'unless',
  'max',
  'metric identifier',
  'min',
  'offset',
  'on',
  'quantile',
  'stddev',
  'stdvar',
  'sum',
  'topk',
  'start',
  'end',
  'atan2',
])

/** Reads what may stand after a binary operator: `bool`, `on` or `ignoring`, `group_left` or `group_right`. */
export function matching(cursor: Cursor): Matching & Readonly<{ isBool: boolean }> {
  const isBool = cursor.accept('bool') !== null
  const word = cursor.accept('on') ?? cursor.accept('ignoring')
  if (word === null) return { isBool, cardinality: 'one-to-one', isOn: false, labels: [], include: [] }
  const labels = groupingLabels(cursor)
  const group = cursor.accept('group_left') ?? cursor.accept('group_right')
  const hasInclude = group !== null && (cursor.sees('(') || !mayBegin(cursor.next.type))
  const include = hasInclude ? groupingLabels(cursor) : []
  const cardinality =
    group === null ? 'one-to-one' : group.type === 'group_left' ? 'many-to-one' : 'one-to-many'
  return { isBool, cardinality, isOn: word.type === 'on', labels, include }
}

/** Reads `(a, b)`; a comma may follow the last one. */
export function groupingLabels(cursor: Cursor): readonly string[] {
  if (cursor.accept('(') === null) cursor.fail(where, '"("')
  const labels: string[] = []
  while (cursor.accept(')') === null) {
    const { type, text } = cursor.next
    if (!labelWords.has(type) || !isLabelName(text)) cursor.fail(where, 'label')
    cursor.take()
    labels.push(text)
    if (cursor.accept(',') === null && !cursor.sees(')')) cursor.fail(where, '"," or ")"')
  }
  return labels
}
