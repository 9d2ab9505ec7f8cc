import { bare, type Call, type Expression } from '../../src/metrics/promql/ast.ts'
import { partsOf, pinnedParts } from '../../src/metrics/promql/evaluate/pinned.ts'
import { parseQuery } from '../../src/metrics/promql/parse/parse.ts'
import type { Question } from './answers.ts'

/**
 * Whether the answer of the peer is no measure: where it is left to chance there, or is what
 * docs/decisions/0014-promql-of-prometheus.md says that we do otherwise.
 */
export function isPeculiar({ query, stepMs }: Question): boolean {
  const root = parseQuery(query)
  const pinned = pinnedParts(root)
  const isGraph = stepMs !== 0
  const within = (node: Expression, isInSubquery: boolean): boolean => {
    if (node.type === 'call' && (isGraph || isInSubquery) && unpins(node, pinned)) return true
    if (node.type === 'aggregation' && (isGraph || isInSubquery) && needsOrder(node)) return true
    if (node.type === 'subquery' && pinned.has(node.inner)) return true
    if (node.type === 'call' && losesOffset(node)) return true
    return partsOf(node).some((part) => within(part, isInSubquery || node.type === 'subquery'))
  }
  return within(root, false)
}

/** A pinned range vector in a function with another argument that is not: the peer moves its window along. */
function unpins(call: Call, pinned: ReadonlySet<Expression>): boolean {
  if (pinned.has(call)) return false
  return call.args.some((arg) => {
    const { type } = bare(arg)
    return (type === 'matrix' || type === 'subquery') && pinned.has(arg)
  })
}

/** `timestamp` of a selector with a pin and an offset: the peer forgets the offset. */
function losesOffset({ name, args }: Call): boolean {
  if (name !== 'timestamp') return false
  return args.map(bare).some((arg) => arg.type === 'vector' && arg.pin !== null && arg.offsetMs !== 0)
}

const ordered: ReadonlySet<string> = new Set(['topk', 'bottomk', 'stddev', 'stdvar'])

/**
 * Which of several equal series are the largest depends on the order of series, and so do the last digits of a variance,
 * which may be all it has. The peer loses that order in what it computes.
 */
function needsOrder(node: Expression & { type: 'aggregation' }): boolean {
  return ordered.has(node.operator) && bare(node.inner).type !== 'vector'
}
