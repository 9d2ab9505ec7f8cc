import type { Labels } from '../../../labels.ts'
import type { Binary } from '../../ast.ts'
import { QueryFailure, sameLabels } from '../../failure.ts'
import { labelsText } from '../../labels-text.ts'
import type { Budget } from '../budget.ts'
import { type Column, Filling, firstTwins, isAt, markPresent, mergedByLabels, type Twins } from '../column.ts'
import { Faults } from '../faults.ts'
import type { Frame } from '../frame.ts'
import { type Operation, operationOf } from './operators.ts'
import { resultLabels, signatureKeyOf, signatureOf } from './signature.ts'

/** Two vectors, series by series with the same signature. */
export function ofVectors(node: Binary, frame: Frame): Iterable<Column> {
  // The side with one series for each signature is the right one, unless it is said otherwise.
  const isSwapped = node.matching.cardinality === 'one-to-many'
  const left = [...frame.vector(node.left)]
  const right = [...frame.vector(node.right)]
  const [manys, ones] = isSwapped ? [right, left] : [left, right]
  const onesBy = bySignature(ones, node)
  const faults = new Faults()
  noteTwins(onesBy, manys, { node, count: frame.grid.count, faults })
  const operation = operationOf(node.operator, node.isBool, 'left')
  const match: Match = {
    operation: isSwapped ? (a, b) => operation(b, a) : operation,
    labels: resultLabels(node),
  }
  const results = matched(bySignature(manys, node), onesBy, {
    match,
    node,
    faults,
    budget: frame.query.budget,
  })
  const merged = mergedByLabels(results, (step) => faults.note(step, sameLabels))
  faults.throwFirst()
  return merged
}

type Match = Readonly<{ operation: Operation; labels: (many: Labels, one: Labels) => Labels }>

function bySignature(
  columns: readonly Column[],
  { matching }: Binary,
): ReadonlyMap<string, readonly Column[]> {
  const keyOfLabels = signatureKeyOf(matching)
  const groups = new Map<string, Column[]>()
  for (const column of columns) {
    const key = keyOfLabels(column.labels)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [column])
    else group.push(column)
  }
  return groups
}

function* matched(
  manysBy: ReadonlyMap<string, readonly Column[]>,
  onesBy: ReadonlyMap<string, readonly Column[]>,
  { match, node, faults, budget }: Readonly<{ match: Match; node: Binary; faults: Faults; budget: Budget }>,
): Iterable<Column> {
  for (const [key, manys] of manysBy) {
    budget.borrow(0)
    const results = manys.flatMap((many) =>
      (onesBy.get(key) ?? []).flatMap((one) => computed(many, one, match) ?? []),
    )
    if (node.matching.cardinality === 'one-to-one') yield* alone(results, faults)
    else
      yield* mergedByLabels(results, (step) =>
        faults.note(step, () => ambiguous('grouping labels must ensure unique matches')),
      )
  }
}

/** Where nothing is said of many, two of them at one step are a mistake. */
function alone(results: readonly Column[], faults: Faults): readonly Column[] {
  const what = 'many-to-one matching must be explicit (group_left/group_right)'
  const pair = firstTwins(results, null)
  if (pair !== null) faults.note(pair.step, () => ambiguous(what))
  return results
}

function ambiguous(what: string): QueryFailure {
  return new QueryFailure('execution', `multiple matches for labels: ${what}`)
}

function computed(many: Column, one: Column, { operation, labels }: Match): Column | null {
  const count = many.values.length
  const filling = new Filling(count)
  for (let step = 0; step < count; step += 1) {
    const isThere = isAt(many.present, step) && isAt(one.present, step)
    const value = isThere ? operation(many.values[step] ?? 0, one.values[step] ?? 0) : null
    if (value === null) filling.skip(step)
    else filling.set(step, value)
  }
  return filling.done(labels(many.labels, one.labels))
}

/** Two series with one signature on the side of the one, at a step at which the other side has anything at all. */
function noteTwins(
  onesBy: ReadonlyMap<string, readonly Column[]>,
  manys: readonly Column[],
  { node, count, faults }: Readonly<{ node: Binary; count: number; faults: Faults }>,
): void {
  const groups = [...onesBy.values()].filter((group) => group.length > 1)
  if (groups.length === 0) return
  const isMet = new Uint8Array(count)
  for (const many of manys) markPresent(isMet, many)
  for (const group of groups) {
    const pair = firstTwins(group, isMet)
    if (pair !== null) faults.note(pair.step, () => twins(node, pair))
  }
}

function twins({ matching }: Binary, { later, earlier }: Twins): QueryFailure {
  const group = labelsText(signatureOf(matching)(later.labels))
  const side = matching.cardinality === 'one-to-many' ? 'left' : 'right'
  const both = `[${labelsText(later.labels)}, ${labelsText(earlier.labels)}]`
  return new QueryFailure(
    'execution',
    `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: ${both}` +
      ';many-to-many matching not allowed: matching labels must be unique on one side',
  )
}
