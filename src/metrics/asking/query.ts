import type { Answered } from '../metrics-side.ts'
import type { Expression } from '../promql/ast.ts'
import { type AskingNear, refuseUnlessGraph, tellAt, tellRange } from '../promql/engine.ts'
import { QueryFailure } from '../promql/failure.ts'
import { parseQuery } from '../promql/parse/parse.ts'
import { pretty } from '../promql/pretty.ts'
import { QueryTrouble } from '../promql/parse/trouble.ts'
import { success, successful } from './envelope.ts'
import { AskFailure, invalid } from './failure.ts'
import { textJson, writeValue } from './json.ts'
import { readDuration, readTime } from './times.ts'

const pointsLimit = 11_000

/** What an expression comes to at one time. */
export function instant(params: URLSearchParams, asking: AskingNear, nowMs: number): Answered {
  const atMs = timeOr(params, 'time', nowMs)
  const limited = limitedBy(params, asking)
  const { value, warnings } = tellAt(queryIn(params), atMs, limited)
  return successful((into) => writeValue(value, into), warnings)
}

/** What an expression comes to again and again. */
export function range(params: URLSearchParams, asking: AskingNear): Answered {
  const startMs = time(params, 'start')
  const endMs = time(params, 'end')
  if (endMs < startMs) throw invalid('end', 'end timestamp must not be before start time')
  const stepMs = stepIn(params)
  if (Math.floor((endMs - startMs) / stepMs) > pointsLimit)
    throw new AskFailure(
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    )
  const limited = limitedBy(params, asking)
  const query = queryIn(params)
  refuseUnlessAsked(query)
  const { value, warnings } = tellRange(query, { startMs, endMs, stepMs }, limited)
  return successful((into) => writeValue(value, into), warnings)
}

/** A query as it is printed for people. */
export function formatted(params: URLSearchParams): Answered {
  return success(textJson(pretty(queryIn(params))))
}

/** Samples are kept without their examples, so there are none; but who asks wrongly is told. */
export function exemplars(params: URLSearchParams): Answered {
  const fromMs = timeOr(params, 'start', -Infinity)
  if (timeOr(params, 'end', Infinity) < fromMs)
    throw new AskFailure('bad_data', 'end timestamp must not be before start timestamp')
  try {
    parseQuery(params.get('query') ?? '')
  } catch (thrown) {
    throw thrown instanceof QueryTrouble ? new AskFailure('bad_data', thrown.message) : thrown
  }
  return success('[]')
}

function queryIn(params: URLSearchParams): Expression {
  try {
    return parseQuery(params.get('query') ?? '')
  } catch (thrown) {
    throw thrown instanceof QueryTrouble ? invalid('query', thrown.message) : thrown
  }
}

/** What cannot be drawn is wrong with the request, not with its answer. */
function refuseUnlessAsked(query: Expression): void {
  try {
    refuseUnlessGraph(query)
  } catch (thrown) {
    throw thrown instanceof QueryFailure ? new AskFailure('bad_data', thrown.message) : thrown
  }
}

export function time(params: URLSearchParams, name: string): number {
  const read = readTime(params.get(name) ?? '')
  if ('fault' in read) throw invalid(name, read.fault)
  return read.ms
}

export function timeOr(params: URLSearchParams, name: string, otherwise: number): number {
  const text = params.get(name) ?? ''
  if (text === '') return otherwise
  const read = readTime(text)
  if ('fault' in read) throw invalid(name, `Invalid time value for '${name}': ${read.fault}`)
  return read.ms
}

function stepIn(params: URLSearchParams): number {
  const read = readDuration(params.get('step') ?? '')
  if ('fault' in read) throw invalid('step', read.fault)
  if (read.ms <= 0)
    throw invalid(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    )
  return Math.max(1, Math.floor(read.ms))
}

/** The limits of the engine, or narrower ones where the request asks for them. */
function limitedBy(params: URLSearchParams, asking: AskingNear): AskingNear {
  const timeoutMs = durationOr(params, 'timeout', asking.limits.timeoutMs)
  const limits = { ...asking.limits, timeoutMs: Math.min(timeoutMs, asking.limits.timeoutMs) }
  return { ...asking, limits }
}

function durationOr(params: URLSearchParams, name: string, otherwise: number): number {
  const text = params.get(name) ?? ''
  if (text === '') return otherwise
  const read = readDuration(text)
  if ('fault' in read) throw invalid(name, read.fault)
  return read.ms
}
