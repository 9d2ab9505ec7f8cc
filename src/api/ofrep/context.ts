import type { Context } from '../../../sdk/flag/flag.ts'

/** What is wrong with a question, in the words of the protocol. */
export type WrongContext = Readonly<{ errorCode: 'PARSE_ERROR' | 'INVALID_CONTEXT'; errorDetails: string }>

export const contextLimitBytes = 64 * 1024
const depthLimit = 50

/** For whom it is asked. `null` is a body that did not arrive, or is over the limit. */
export function contextIn(text: string | null): Readonly<{ context: Context }> | WrongContext {
  if (text === null) return invalid(`the context is over ${contextLimitBytes} bytes, or did not arrive`)
  let body: unknown
  try {
    body = text.trim() === '' ? {} : JSON.parse(text)
  } catch (error) {
    return { errorCode: 'PARSE_ERROR', errorDetails: `the body is no JSON: ${(error as Error).message}` }
  }
  if (!isObject(body))
    return {
      errorCode: 'PARSE_ERROR',
      errorDetails: 'the body is no object: send {"context": {"targetingKey": …}}',
    }
  const { context = {} } = body
  if (!isObject(context)) return invalid('the context is no object')
  const { targetingKey } = context
  if (targetingKey !== undefined && targetingKey !== null && typeof targetingKey !== 'string')
    return invalid('the targetingKey is no text')
  if (isDeep(context, 0)) return invalid(`objects lie more than ${depthLimit} deep in each other`)
  const { targetingKey: _, ...attributes } = context
  return { context: typeof targetingKey === 'string' ? { ...attributes, targetingKey } : attributes }
}

function invalid(errorDetails: string): WrongContext {
  return { errorCode: 'INVALID_CONTEXT', errorDetails }
}

function isObject(found: unknown): found is Readonly<Record<string, unknown>> {
  return typeof found === 'object' && found !== null && !Array.isArray(found)
}

function isDeep(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth > depthLimit || Object.values(value).some((member) => isDeep(member, depth + 1))
}

/** The same text for the same context, in whatever order its members came. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}
