import type { Labels } from '../../../labels.ts'
import type { Binary } from '../../ast.ts'
import { QueryFailure } from '../../failure.ts'
import { labelsText } from '../../labels-text.ts'
import { type Column, Filling, firstOverlap, isAt, markPresent, mergedByLabels } from '../column.ts'
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
  refuseTwins(onesBy, manys, { node, count: frame.grid.count })
  const operation = operationOf(node.operator, node.isBool, 'left')
  const match: Match = {
    operation: isSwapped ? (a, b) => operation(b, a) : operation,
    labels: resultLabels(node),
  }
  return mergedByLabels(matched(bySignature(manys, node), onesBy, { match, node }))
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
  { match, node }: Readonly<{ match: Match; node: Binary }>,
): Iterable<Column> {
  for (const [key, manys] of manysBy) {
    const results = manys.flatMap((many) =>
      (onesBy.get(key) ?? []).flatMap((one) => computed(many, one, match) ?? []),
    )
    yield* node.matching.cardinality === 'one-to-one'
      ? alone(results)
      : mergedByLabels(results, () => ambiguous('grouping labels must ensure unique matches'))
  }
}

/** Where nothing is said of many, two of them at one step are a mistake. */
function alone(results: readonly Column[]): readonly Column[] {
  for (const [at, result] of results.entries())
    if (results.slice(0, at).some((earlier) => firstOverlap(earlier, result) !== null))
      throw ambiguous('many-to-one matching must be explicit (group_left/group_right)')
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
function refuseTwins(
  onesBy: ReadonlyMap<string, readonly Column[]>,
  manys: readonly Column[],
  { node, count }: Readonly<{ node: Binary; count: number }>,
): void {
  const groups = [...onesBy.values()].filter((group) => group.length > 1)
  if (groups.length === 0) return
  const isMet = new Uint8Array(count)
  for (const many of manys) markPresent(isMet, many)
  for (const group of groups)
    for (const [at, later] of group.entries())
      for (const earlier of group.slice(0, at))
        if (meet(earlier, later, isMet)) throw twins(node, later, earlier)
}

function meet(a: Column, b: Column, isMet: Uint8Array): boolean {
  return isMet.some((there, step) => there === 1 && isAt(a.present, step) && isAt(b.present, step))
}

function twins({ matching }: Binary, later: Column, earlier: Column): QueryFailure {
  const group = labelsText(signatureOf(matching)(later.labels))
  const side = matching.cardinality === 'one-to-many' ? 'left' : 'right'
  const both = `[${labelsText(later.labels)}, ${labelsText(earlier.labels)}]`
  return new QueryFailure(
    'execution',
    `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: ${both}` +
      ';many-to-many matching not allowed: matching labels must be unique on one side',
  )
}
