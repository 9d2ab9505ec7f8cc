/**
 * How values and errors leave the child process. These functions travel there as text, like `evaluate.ts`: they use
 * nothing but their arguments and each other.
 */
import type fs from 'node:fs'
import type module from 'node:module'
import type path from 'node:path'
import type url from 'node:url'
import type { Answer, Progress, Source, Strange, Thrown } from './answer.ts'

/** What a copy leaves behind: `stand` says what is to stand for a value, or `undefined` where it is copied as it is. */
export type Copying = Readonly<{
  strange: Strange[]
  stand: (found: unknown, path: Strange['path']) => unknown
}>

/** What changes while modules are loaded, and the modules of Node that it takes. */
export type Loading = {
  typed: boolean
  sources: Source[]
  failedImport: { specifier: string; importer: string }
  readonly reads: Set<string>
  readonly fs: typeof fs
  readonly path: typeof path
  readonly url: typeof url
  readonly module: typeof module
  readonly exit: typeof process.exit
  readonly dir: string
  readonly tell: (progress: Progress | Answer) => void
}

export function described(thrown: unknown, failedImport: Loading['failedImport']): Thrown {
  const error = thrown instanceof Error ? thrown : new Error(`threw ${String(thrown)}`)
  const read = (key: string) => String(Reflect.get(error, key) ?? '')
  return {
    message: error.message,
    stack: error.stack ?? '',
    code: read('code'),
    permission: read('permission'),
    resource: read('resource'),
    ...failedImport,
    isSyntax: error instanceof SyntaxError,
  }
}

/** A copy of what JSON can carry; `null` stands where it cannot, and `strange` says so. */
export function plain(
  found: unknown,
  path: (string | number)[],
  above: readonly unknown[],
  copying: Copying,
): unknown {
  const odd = (what: string) => {
    copying.strange.push({ path, found: what })
    return null
  }
  const instead = copying.stand(found, path)
  if (instead !== undefined) return instead
  if (found === null || typeof found === 'string' || typeof found === 'boolean') return found
  if (found === undefined) return void odd('undefined')
  if (typeof found === 'number') return Number.isFinite(found) ? found : odd(String(found))
  if (typeof found !== 'object') return odd(`a ${typeof found}`)
  if (above.includes(found)) return odd('an object that contains itself')
  const inner = (value: unknown, key: string | number) =>
    plain(value, [...path, key], [...above, found], copying)
  if (Array.isArray(found)) return found.map(inner)
  const prototype: unknown = Object.getPrototypeOf(found)
  if (prototype !== Object.prototype && prototype !== null) return odd(`a ${found.constructor.name}`)
  return Object.fromEntries(Object.entries(found).map(([key, value]) => [key, inner(value, key)]))
}
