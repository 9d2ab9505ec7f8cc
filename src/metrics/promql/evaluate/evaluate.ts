import { withoutName } from '../../labels.ts'
import { bare, type Binary, type Expression, isSetOperator, type Unary } from '../ast.ts'
import { typeOf } from '../types.ts'
import { aggregate } from './aggregate/aggregate.ts'
import { ofScalars, withScalar } from './binary/scalar.ts'
import { ofSets } from './binary/sets.ts'
import { ofVectors } from './binary/vectors.ts'
import { ofCall, scalarOfCall } from './calls/call.ts'
import { type Column, distinct, mapped, mergedByLabels } from './column.ts'
import type { Frame, Query, Ranged } from './frame.ts'
import { type Grid, instant } from './grid.ts'
import { computed, selected } from './ranged.ts'
import { latest } from './select.ts'

/** A frame in which expressions are asked about the times of a grid. */
export function frameOf(query: Query, grid: Grid): Frame {
  // Every series has room for a value at each step, so a grid that is too fine ends before the first is made.
  query.budget.borrow(grid.count)
  const frame: Frame = {
    query,
    grid,
    scalar: (node) => (isOnce(node, frame) ? repeatedScalar(node, frame) : scalar(node, frame)),
    vector: (node) => (isOnce(node, frame) ? repeated(node, frame) : vector(node, frame, false)),
    passing: (node) => (isOnce(node, frame) ? repeated(node, frame) : vector(node, frame, true)),
    ranged: (node) => ranged(node, frame),
  }
  return frame
}

/** What comes to the same at every time is asked once. */
function isOnce(node: Expression, { grid, query }: Frame): boolean {
  return grid.count > 1 && query.isPinned(node)
}

function onceFrame({ query, grid }: Frame): Frame {
  return frameOf(query, instant(grid.startMs))
}

function repeatedScalar(node: Expression, frame: Frame): Float64Array {
  const value = onceFrame(frame).scalar(node)[0] ?? NaN
  return new Float64Array(frame.grid.count).fill(value)
}

function* repeated(node: Expression, frame: Frame): Iterable<Column> {
  for (const { labels, values } of onceFrame(frame).vector(node)) {
    frame.query.budget.take(frame.grid.count)
    yield { labels, values: new Float64Array(frame.grid.count).fill(values[0] ?? NaN), present: null }
  }
}

function scalar(expression: Expression, frame: Frame): Float64Array {
  const node = bare(expression)
  switch (node.type) {
    case 'number':
      return new Float64Array(frame.grid.count).fill(node.value)
    case 'call':
      return scalarOfCall(node, frame)
    case 'unary': {
      const values = frame.scalar(node.inner)
      return node.operator === '-' ? values.map((value) => -value) : values
    }
    case 'binary':
      return ofScalars(node, frame)
    case 'string':
    case 'vector':
    case 'matrix':
    case 'subquery':
    case 'aggregation':
      throw unchecked(node)
  }
}

function vector(expression: Expression, frame: Frame, isPassing: boolean): Iterable<Column> {
  const node = bare(expression)
  switch (node.type) {
    case 'vector':
      return latest(node, frame, isPassing)
    case 'call':
      return ofCall(node, frame, isPassing)
    case 'aggregation':
      return aggregate(node, frame)
    case 'unary':
      return signed(node, frame)
    case 'binary':
      return binary(node, frame)
    case 'number':
    case 'string':
    case 'matrix':
    case 'subquery':
      throw unchecked(node)
  }
}

function ranged(expression: Expression, frame: Frame): Ranged {
  const node = bare(expression)
  switch (node.type) {
    case 'matrix':
      return selected(node, frame)
    case 'subquery':
      return computed(node, frame, (grid) => frameOf(frame.query, grid))
    case 'number':
    case 'string':
    case 'vector':
    case 'call':
    case 'aggregation':
    case 'unary':
    case 'binary':
      throw unchecked(node)
  }
}

function binary(node: Binary, frame: Frame): Iterable<Column> {
  if (isSetOperator(node.operator)) return ofSets(node, frame)
  if (typeOf(node.left) === 'scalar') return mergedByLabels(withScalar(node, frame, 'left'))
  if (typeOf(node.right) === 'scalar') return mergedByLabels(withScalar(node, frame, 'right'))
  return ofVectors(node, frame)
}

function signed({ operator, inner }: Unary, frame: Frame): Iterable<Column> {
  const columns = frame.vector(inner)
  return operator === '+' ? columns : distinct(negated(columns))
}

function* negated(columns: Iterable<Column>): Iterable<Column> {
  for (const column of columns) {
    const result = mapped(column, withoutName(column.labels), (value) => -value)
    if (result !== null) yield result
  }
}

function unchecked({ type }: Expression): Error {
  return new Error(`an expression of type ${type} stands where the parser should not have let it`)
}
