import { noLabels, withoutName } from '../../../labels.ts'
import { bare, type Call, type Expression } from '../../ast.ts'
import { calendarNamed } from '../../functions/calendar.ts'
import { mathematicalNamed } from '../../functions/maths.ts'
import { ofTallyNamed, overTimeNamed } from '../../functions/over-time.ts'
import { signatureOf } from '../../functions/signatures.ts'
import type { OverTime } from '../../functions/view.ts'
import { typeOf } from '../../types.ts'
import { compareValues } from '../aggregate/order.ts'
import { type Column, distinct, isAt, mergedByLabels } from '../column.ts'
import type { Frame } from '../frame.ts'
import { latestTimes } from '../select.ts'
import { slide } from '../slide.ts'
import { absent, absentOverTime } from './absent.ts'
import { quantilesOfHistograms } from './histogram.ts'
import { joinLabels, replaceLabel } from './labels.ts'
import { eachTime, eachValue, secondsOf } from './maths.ts'

/** What a call of a function that returns a vector comes to. */
export function ofCall(call: Call, frame: Frame, isPassing: boolean): Iterable<Column> {
  const over = overTimeNamed(call.name)
  return over === null
    ? mergedByLabels(perStep(call, frame))
    : distinct(sliding(call, frame, { over, isPassing }))
}

/** A function of a range vector; which of the arguments that is tells its signature. */
function sliding(
  call: Call,
  frame: Frame,
  { over, isPassing }: Readonly<{ over: OverTime; isPassing: boolean }>,
): Iterable<Column> {
  const at = signatureOf(call.name).args.indexOf('matrix')
  const { series, reach } = frame.ranged(argument(call, at))
  const args = call.args.toSpliced(at, 1).map((arg) => frame.scalar(arg))
  const labelsOf = call.name === 'last_over_time' ? (labels: Column['labels']) => labels : withoutName
  const ofTally = ofTallyNamed(call.name)
  return slide(series, over, { frame, reach, args, labelsOf, ofTally, isPassing })
}

function perStep(call: Call, frame: Frame): Iterable<Column> {
  const mathematical = mathematicalNamed(call.name)
  if (mathematical !== null) return eachValue(call, mathematical, frame)
  const calendar = calendarNamed(call.name)
  if (calendar !== null) return eachTime(call.args[0] ?? null, calendar, frame)
  switch (call.name) {
    case 'absent':
      return absent(argument(call, 0), frame)
    case 'absent_over_time':
      return absentOverTime(argument(call, 0), frame)
    case 'histogram_quantile':
      return quantilesOfHistograms(argument(call, 0), argument(call, 1), frame)
    case 'histogram_count':
    case 'histogram_sum':
    case 'histogram_fraction':
      return ofNativeHistograms(call, frame)
    case 'label_join':
      return joinLabels(call, frame)
    case 'label_replace':
      return replaceLabel(call, frame)
    case 'sort':
    case 'sort_desc':
      return sorted(argument(call, 0), frame, call.name === 'sort_desc')
    case 'timestamp':
      return timestamps(argument(call, 0), frame)
    case 'vector':
      return [{ labels: noLabels, values: frame.scalar(argument(call, 0)), present: null }]
    default:
      throw new Error(`${call.name} has a signature and no meaning`)
  }
}

/** Whether a call returns one number a step: `time`, `pi` and `scalar`. */
export function scalarOfCall(call: Call, frame: Frame): Float64Array {
  switch (call.name) {
    case 'time':
      return secondsOf(frame)
    case 'pi':
      return new Float64Array(frame.grid.count).fill(Math.PI)
    default:
      return onlyValues([...frame.vector(argument(call, 0))], frame.grid.count)
  }
}

/** The value where there is exactly one, else NaN. */
function onlyValues(columns: readonly Column[], count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, step) => {
    const there = columns.filter(({ present }) => isAt(present, step))
    return there.length === 1 ? (there[0]?.values[step] ?? NaN) : NaN
  })
}

/** There are no native histograms here, and of plain numbers these functions make nothing. */
function ofNativeHistograms({ args }: Call, frame: Frame): readonly Column[] {
  // They are asked all the same, for what may be wrong with them.
  for (const arg of args) {
    if (typeOf(arg) === 'scalar') frame.scalar(arg)
    else for (const column of frame.vector(arg)) frame.query.budget.borrow(column.values.length)
  }
  return []
}

/** Order means something only where one time is asked about; the series of a graph are in the order of their labels. */
function sorted(vector: Expression, frame: Frame, isDescending: boolean): Iterable<Column> {
  const columns = frame.vector(vector)
  if (frame.grid.count > 1) return columns
  return [...columns].toSorted((a, b) => compareValues(a.values[0] ?? 0, b.values[0] ?? 0, isDescending))
}

/** When the samples of a selector were taken; what is computed is as old as the question. */
function* timestamps(vector: Expression, frame: Frame): Iterable<Column> {
  const node = bare(vector)
  const isSelector = node.type === 'vector'
  for (const column of isSelector ? latestTimes(node, frame) : frame.vector(node)) {
    const values = isSelector ? column.values : secondsOf(frame)
    yield { labels: withoutName(column.labels), values, present: column.present }
  }
}

function argument({ name, args }: Call, at: number): Expression {
  const found = args[at]
  if (found === undefined) throw new Error(`${name} was called without argument ${at}`)
  return found
}
