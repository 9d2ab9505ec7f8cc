import type { Json } from '../../change/json.ts'

/** What was written: JSON where it is some, else the text itself. */
export function readValue(written: string): Json {
  try {
    return JSON.parse(written) as Json
  } catch {
    return written
  }
}

/** Puts a value where a path leads: `address.country`. */
export function withValue(
  context: Readonly<Record<string, unknown>>,
  [first = '', ...rest]: readonly string[],
  value: unknown,
): Readonly<Record<string, unknown>> {
  if (rest.length === 0) return { ...context, [first]: value }
  const inner = context[first]
  const known =
    typeof inner === 'object' && inner !== null ? (inner as Readonly<Record<string, unknown>>) : {}
  return { ...context, [first]: withValue(known, rest, value) }
}
