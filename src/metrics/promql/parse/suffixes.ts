import type { Expression, MatrixSelector, Pin, Subquery, VectorSelector } from '../ast.ts'
import { valueText } from '../format.ts'
import type { Cursor } from './cursor.ts'

const inBrackets = 'subquery selector'

/** Reads what may follow an expression and binds most tightly: ranges, `offset` and `@`, in any order. */
export function suffixes(cursor: Cursor, before: Expression): Expression {
  let read = before
  for (let chained = 0; ; chained += 1) {
    cursor.notDeeperThan(chained)
    if (cursor.sees('[')) read = brackets(cursor, read)
    else if (cursor.accept('offset') !== null) read = withOffset(cursor, read)
    else if (cursor.accept('@') !== null) read = withPin(cursor, read)
    else return read
  }
}

function brackets(cursor: Cursor, inner: Expression): Expression {
  const open = cursor.take()
  if (!cursor.sees('duration')) cursor.fail(inBrackets, 'duration')
  const rangeMs = cursor.duration()
  const closed = cursor.accept(']')
  if (closed !== null) return matrix(cursor, inner, { start: open.start, end: closed.end, rangeMs })
  if (cursor.accept(':') === null) cursor.fail('subquery or range', '":" or "]"')
  const hasStep = cursor.sees('duration')
  const stepMs = hasStep ? cursor.duration() : 0
  const end = cursor.accept(']') ?? cursor.fail(inBrackets, hasStep ? '"]"' : 'duration or "]"')
  const span = { start: inner.span.start, end: end.end }
  return { type: 'subquery', inner, rangeMs, stepMs, offsetMs: 0, pin: null, span }
}

function matrix(
  cursor: Cursor,
  inner: Expression,
  { start, end, rangeMs }: Readonly<{ start: number; end: number; rangeMs: number }>,
): MatrixSelector {
  if (inner.type !== 'vector') throw cursor.trouble(start, 'ranges only allowed for vector selectors')
  if (inner.offsetMs !== 0) throw cursor.trouble(start, 'no offset modifiers allowed before range')
  if (inner.pin?.type === 'time') throw cursor.trouble(start, 'no @ modifiers allowed before range')
  return { type: 'matrix', selector: inner, rangeMs, span: { start: inner.span.start, end } }
}

type Pinned = VectorSelector | MatrixSelector | Subquery

function isPinnable(read: Expression): read is Pinned {
  return read.type === 'vector' || read.type === 'matrix' || read.type === 'subquery'
}

const wanted = 'must be preceded by an instant vector selector or range vector selector or a subquery'

function withOffset(cursor: Cursor, read: Expression): Expression {
  const isBack = cursor.accept('-') !== null
  if (!cursor.sees('duration')) cursor.fail('offset', 'duration')
  const end = cursor.next.end
  const ms = cursor.duration()
  if (!isPinnable(read)) throw cursor.trouble(read.span.start, `offset modifier ${wanted}`)
  const { offsetMs } = read.type === 'matrix' ? read.selector : read
  if (offsetMs !== 0) throw cursor.trouble(read.span.start, 'offset may not be set multiple times')
  return moved(read, { offsetMs: isBack ? -ms : ms }, end)
}

function withPin(cursor: Cursor, read: Expression): Expression {
  const { pin, end } =
    cursor.sees('start') || cursor.sees('end') ? pinToEdge(cursor) : pinToTime(cursor, read)
  if (!isPinnable(read)) throw cursor.trouble(read.span.start, `@ modifier ${wanted}`)
  const earlier = read.type === 'matrix' ? read.selector.pin : read.pin
  if (earlier !== null) throw cursor.trouble(read.span.start, '@ <timestamp> may not be set multiple times')
  return moved(read, { pin }, end)
}

type ReadPin = Readonly<{ pin: Pin; end: number }>

function pinToEdge(cursor: Cursor): ReadPin {
  const type = cursor.take().type === 'start' ? 'start' : 'end'
  if (cursor.accept('(') === null) cursor.fail('@', 'timestamp')
  const closed = cursor.accept(')') ?? cursor.fail('@', 'timestamp')
  return { pin: { type }, end: closed.end }
}

function pinToTime(cursor: Cursor, read: Expression): ReadPin {
  const sign = cursor.accept('-') ?? cursor.accept('+')
  if (!cursor.sees('number')) cursor.fail('@', 'timestamp')
  const { end } = cursor.next
  const number = cursor.number()
  const seconds = sign?.type === '-' ? -number : number
  // The times of samples are kept in 63 bits there.
  if (!(Math.abs(seconds) < 2 ** 63)) {
    const text = Number.isFinite(seconds) ? `${BigInt(seconds)}.000000` : valueText(seconds)
    throw cursor.trouble(read.span.start, `timestamp out of bounds for @ modifier: ${text}`)
  }
  return { pin: { type: 'time', ms: roundedMs(seconds) }, end }
}

/** Halves are rounded away from 0. */
function roundedMs(seconds: number): number {
  const ms = Math.round(Math.abs(seconds) * 1000)
  return seconds < 0 && ms !== 0 ? -ms : ms
}

function moved(read: Pinned, by: Partial<Pick<VectorSelector, 'offsetMs' | 'pin'>>, end: number): Pinned {
  const span = { start: read.span.start, end }
  if (read.type === 'matrix') return { ...read, selector: { ...read.selector, ...by }, span }
  return { ...read, ...by, span }
}
