import { MemorySource } from '../../memory-source.ts'
import type { Value } from '../answer.ts'
import type { Expression } from '../ast.ts'
import { askAt, type Asking, askRange, usual } from '../engine.ts'
import { QueryFailure } from '../failure.ts'
import { parseQuery } from '../parse/parse.ts'
import { isNear, vectorFault } from './compare.ts'
import { pinnedTo } from './pin.ts'
import { type Command, type Evaluation, readScript } from './script.ts'

/** One evaluation of a script: what was asked, and what was wrong with the answer, if anything. */
export type Outcome = Readonly<{ line: number; query: string; fault: string | null }>

const limits = { ...usual.limits, maxSamples: 10_000, timeoutMs: 100_000 }

/**
 * Runs a test script of Prometheus. Each evaluation is asked at its time, as a graph around it, and again pinned to its
 * time from other times.
 */
export async function runScript(text: string): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  let source = new MemorySource()
  for (const command of readScript(text)) {
    if (command.type === 'eval') {
      const fault = await faultOf(command, { ...usual, source, limits })
      outcomes.push({ line: command.line, query: command.query, fault })
    } else source = prepared(source, command)
  }
  return outcomes
}

function prepared(source: MemorySource, command: Exclude<Command, Evaluation>): MemorySource {
  if (command.type === 'clear') return new MemorySource()
  for (const { labels, samples } of command.series) source.write(labels, samples)
  return source
}

async function faultOf(evaluation: Evaluation, asking: Asking): Promise<string | null> {
  const expression = parseQuery(evaluation.query)
  const { atMs } = evaluation
  if (evaluation.mustFail) return failureFault(expression, atMs, asking)
  const plain = await bothFaults(expression, atMs, { evaluation, asking })
  if (plain !== null) return plain
  const pinned = pinnedTo(expression, atMs)
  if (pinned === null) return null
  const times = atMs === 0 ? [-1000, 0, 1000] : [-10 * atMs, 0, Math.trunc(atMs / 5), atMs, 10 * atMs]
  for (const otherMs of times) {
    const fault = await bothFaults(pinned, otherMs, { evaluation, asking })
    if (fault !== null) return `pinned, from ${otherMs} ms: ${fault}`
  }
  return null
}

async function failureFault(expression: Expression, atMs: number, asking: Asking): Promise<string | null> {
  try {
    await askAt(expression, atMs, asking)
    return 'it has an answer and should have none'
  } catch (error) {
    if (error instanceof QueryFailure) return null
    throw error
  }
}

type Case = Readonly<{ evaluation: Evaluation; asking: Asking }>

/** Asks at a time, and as a graph from a minute before to a minute after. */
async function bothFaults(
  expression: Expression,
  atMs: number,
  { evaluation, asking }: Case,
): Promise<string | null> {
  try {
    const { value } = await askAt(expression, atMs, asking)
    const fault = valueFault(value, evaluation)
    if (fault !== null || evaluation.isOrdered) return fault
    const range = { startMs: atMs - 60_000, endMs: atMs + 60_000, stepMs: 60_000 }
    const graph = await askRange(expression, range, asking)
    const graphFault = valueFault(slice(graph.value, atMs, evaluation), evaluation)
    return graphFault === null ? null : `as a graph: ${graphFault}`
  } catch (error) {
    if (error instanceof QueryFailure) return error.message
    throw error
  }
}

/** What a graph shows at one time. */
function slice({ series }: Value & { type: 'matrix' }, atMs: number, { scalar }: Evaluation): Value {
  const samples = series.flatMap(({ labels, times, values }) => {
    const at = times.indexOf(atMs)
    return at === -1 ? [] : [{ labels, atMs, value: values[at] ?? NaN }]
  })
  return scalar === null
    ? { type: 'vector', samples }
    : { type: 'scalar', atMs, value: samples[0]?.value ?? NaN }
}

function valueFault(value: Value, evaluation: Evaluation): string | null {
  if (value.type === 'vector') return vectorFault(value.samples, evaluation)
  if (value.type !== 'scalar' || evaluation.scalar === null) return `it is a ${value.type}`
  return isNear(evaluation.scalar, value.value)
    ? null
    : `it is ${value.value} instead of ${evaluation.scalar}`
}
