import type { Condition } from '../../../sdk/flag/flag.ts'
import { usage } from '../args.ts'
import { readValue } from './value.ts'

/**
 * Who is meant by `--for`: a segment (`team`), an attribute (`country=DE,AT`, `email=*@shop.test`, `age=18`), or a
 * condition in JSON. What it may be is for the hub to say.
 */
export function whoIn(written: string): Condition {
  if (written.startsWith('{')) return readJson(written) as Condition
  const at = written.indexOf('=')
  if (at === -1) return { segment: written }
  return attributeIs(written.slice(0, at), written.slice(at + 1).split(','))
}

function attributeIs(attribute: string, values: readonly string[]): Condition {
  const isEnd = (value: string) => value.startsWith('*')
  const isBeginning = (value: string) => value.endsWith('*')
  if (values.every(isEnd))
    return { attribute, op: 'ends-with', value: only(values.map((value) => value.slice(1))) }
  if (values.every(isBeginning))
    return { attribute, op: 'starts-with', value: only(values.map((value) => value.slice(0, -1))) }
  const read = values.map(readValue) as (string | number | boolean)[]
  const [first = ''] = read
  return read.length === 1 ? { attribute, op: 'equals', value: first } : { attribute, op: 'in', value: read }
}

function only(values: readonly string[]): string | readonly string[] {
  const [first = ''] = values
  return values.length === 1 ? first : values
}

function readJson(written: string): unknown {
  try {
    return JSON.parse(written)
  } catch (cause) {
    throw usage(
      `--for is no JSON: ${cause instanceof Error ? cause.message : ''}`,
      'write a segment, NAME=VALUE, or a condition such as {"attribute": "age", "op": "at-least", "value": 18}',
    )
  }
}
