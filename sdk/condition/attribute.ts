import type { AttributePath, Context } from '../flag/flag.ts'

/** Finds an attribute; `undefined` when it is not there. */
export type Read = (context: Context) => unknown

/** The steps of a path: dots divide, unless it is a list. */
export function stepsOf(path: AttributePath): readonly string[] {
  return typeof path === 'string' ? path.split('.') : path
}

/**
 * A reader of an attribute. Each step goes to a member that an object has itself, so that `constructor` is not there
 * unless somebody put it there; lists and texts have no members.
 */
export function readerOf(path: AttributePath): Read {
  const [first = '', ...rest] = stepsOf(path)
  const name = plainName([first])
  const top: Read = name === null ? (context) => own(context, first) : (context) => context[name]
  if (rest.length === 0) return top
  return (context) => {
    let value = top(context)
    for (let at = 0; at < rest.length; at += 1) value = own(value, rest[at] ?? '')
    return value
  }
}

/** The name of a path of one step that no object inherits, so that it can be read at once; null for all others. */
export function plainName(path: AttributePath): string | null {
  const [first = '', ...rest] = stepsOf(path)
  return rest.length === 0 && !(first in Object.prototype) ? first : null
}

function own(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name))
    return undefined
  return (value as Readonly<Record<string, unknown>>)[name]
}
