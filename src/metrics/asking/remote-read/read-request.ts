import { ProtoReader } from '../../ingest/protobuf/proto-reader.ts'
import { Unreadable } from '../../ingest/unreadable.ts'
import { type Matcher, type MatchOperator, testOf } from '../../matcher.ts'
import { PatternTrouble } from '../../regex/trouble.ts'
import type { Selection } from '../../source.ts'

/** What is asked by a remote read, and in which shapes an answer may come: numbers as the protocol gives them. */
export type ReadRequest = Readonly<{ queries: readonly Selection[]; accepted: readonly number[] }>

/** Reads the message. Throws Unreadable. */
export function readRequest(bytes: Uint8Array): ReadRequest {
  const from = new ProtoReader(bytes)
  const queries: Selection[] = []
  const accepted: number[] = []
  while (from.next(bytes.length))
    if (from.field === 1) queries.push(queryIn(from, from.length()))
    else if (from.field === 2) accepted.push(...numbersIn(from))
    else from.skip()
  return { queries, accepted }
}

/** Whether a list of numbers is written in one piece is left to the sender. */
function numbersIn(from: ProtoReader): readonly number[] {
  if (!from.isBytes()) return [from.uint()]
  const numbers: number[] = []
  for (const end = from.length(); from.at < end;) numbers.push(from.varint())
  return numbers
}

function queryIn(from: ProtoReader, end: number): Selection {
  let [fromMs, toMs] = [0, 0]
  const matchers: Matcher[] = []
  while (from.next(end))
    if (from.field === 1) fromMs = from.int64()
    else if (from.field === 2) toMs = from.int64()
    else if (from.field === 3) matchers.push(matcherIn(from, from.length()))
    else from.skip()
  return { matchers, fromMs, toMs }
}

const operators: readonly MatchOperator[] = ['=', '!=', '=~', '!~']

function matcherIn(from: ProtoReader, end: number): Matcher {
  let [type, name, value] = [0, '', '']
  while (from.next(end))
    if (from.field === 1) type = from.uint()
    else if (from.field === 2) name = from.text()
    else if (from.field === 3) value = from.text()
    else from.skip()
  const operator = operators[type]
  if (operator === undefined) throw new Unreadable(`a matcher of a kind that is not known: ${type}`)
  const matcher = { name, operator, value }
  try {
    testOf(matcher)
  } catch (thrown) {
    throw thrown instanceof PatternTrouble ? new Unreadable(thrown.message, { cause: thrown }) : thrown
  }
  return matcher
}
