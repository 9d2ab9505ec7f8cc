/**
 * What runs in the child process. It travels there as text, function by function: a TypeScript file of its own would
 * make Node load its type stripper (30 ms, more than all the rest), and a plain script would escape the type checker.
 * So these functions use nothing but Node, their arguments and each other.
 */
import type fs from 'node:fs'
import type module from 'node:module'
import type url from 'node:url'
import type { Answer, Question, Result, Source, Thrown } from './answer.ts'

type Strange = { path: (string | number)[]; found: string }[]

/** What changes while modules are loaded, and the modules of Node that it takes. */
type Loading = {
  typed: boolean
  sources: Source[]
  failedImport: { specifier: string; importer: string }
  readonly fs: typeof fs
  readonly url: typeof url
  readonly module: typeof module
  readonly exit: typeof process.exit
}

/** The whole program for a child started with `--eval`. */
export function programFor(question: Question): string {
  const functions = [evaluate, hookLoading, load, evaluated, described, plain, answer, closeDoors, refuse]
  return `{\n${functions.map(String).join('\n')}\n${evaluate.name}(${JSON.stringify(question)})\n}`
}

async function evaluate({ dir, define }: Question): Promise<void> {
  const loading: Loading = {
    typed: false,
    sources: [],
    failedImport: { specifier: '', importer: '' },
    fs: process.getBuiltinModule('node:fs'),
    url: process.getBuiltinModule('node:url'),
    module: process.getBuiltinModule('node:module'),
    exit: process.exit.bind(process),
  }
  const root = loading.url.pathToFileURL(dir).href + '/'
  const strange: Strange = []
  hookLoading(root, define, loading)
  closeDoors(loading)
  let result = await evaluated(root + 'tandem.ts', loading, strange)
  if (result.type === 'thrown' && result.thrown.isSyntax) {
    // Types are a syntax error to JavaScript. Nothing has run yet, so nothing runs twice.
    loading.typed = true
    loading.sources = []
    result = await evaluated(root + 'tandem.ts?typed', loading, strange)
  }
  answer({ result, strange, sources: loading.sources }, loading)
}

function hookLoading(root: string, define: string, loading: Loading): void {
  const { builtinModules, registerHooks } = loading.module
  const isOurs = (url: string) =>
    url.startsWith(root) && !url.includes('/node_modules/') && /\.(ts|mts|js|mjs)(\?|$)/.test(url)
  const harmless = ['assert', 'buffer', 'crypto', 'fs', 'fs/promises', 'os', 'path', 'url', 'util']
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'tandem') return { url: 'tandem:define', format: 'module', shortCircuit: true }
      const builtin = specifier.replace(/^node:/, '')
      loading.failedImport = { specifier, importer: context.parentURL ?? '' }
      if (specifier.startsWith('node:') || builtinModules.includes(builtin)) {
        if (!harmless.includes(builtin)) refuse('Import', specifier)
      }
      const found = next(specifier, context)
      loading.failedImport = { specifier: '', importer: '' }
      return loading.typed && isOurs(found.url) ? { ...found, url: found.url + '?typed' } : found
    },
    load(url, context, next) {
      if (url === 'tandem:define') return { format: 'module', source: define, shortCircuit: true }
      if (!isOurs(url)) return next(url, context)
      return { format: 'module', source: load(loading.url.fileURLToPath(url), loading), shortCircuit: true }
    },
  })
}

/**
 * The text of a module as JavaScript. Most configurations are that already. `f<T>(x)` is the one thing that is valid in
 * both languages and means something else.
 */
function load(file: string, loading: Loading): string {
  const written = loading.fs.readFileSync(file, 'utf8')
  loading.sources.push({ file, source: written })
  const looksGeneric = /<[^<>=]*>\s*[(`]/
  if (!loading.typed && !looksGeneric.test(written)) return written
  const source = loading.module.stripTypeScriptTypes(written)
  loading.sources.pop()
  loading.sources.push({ file, source })
  return source
}

async function evaluated(url: string, loading: Loading, strange: Strange): Promise<Result> {
  try {
    const module: object = await import(url)
    if (!('default' in module)) return { type: 'no default export' }
    return { type: 'value', value: plain(module.default, [], [], strange) }
  } catch (thrown) {
    return { type: 'thrown', thrown: described(thrown, loading.failedImport) }
  }
}

function described(thrown: unknown, failedImport: Loading['failedImport']): Thrown {
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
function plain(
  found: unknown,
  path: (string | number)[],
  above: readonly unknown[],
  strange: Strange,
): unknown {
  const odd = (what: string) => {
    strange.push({ path, found: what })
    return null
  }
  if (found === null || typeof found === 'string' || typeof found === 'boolean') return found
  if (found === undefined) return void odd('undefined')
  if (typeof found === 'number') return Number.isFinite(found) ? found : odd(String(found))
  if (typeof found !== 'object') return odd(`a ${typeof found}`)
  if (above.includes(found)) return odd('an object that contains itself')
  const inner = (value: unknown, key: string | number) =>
    plain(value, [...path, key], [...above, found], strange)
  if (Array.isArray(found)) return found.map(inner)
  const prototype: unknown = Object.getPrototypeOf(found)
  if (prototype !== Object.prototype && prototype !== null) return odd(`a ${found.constructor.name}`)
  return Object.fromEntries(Object.entries(found).map(([key, value]) => [key, inner(value, key)]))
}

function answer(said: Answer, { fs, exit }: Loading): void {
  const bytes = Buffer.from(JSON.stringify(said))
  for (let at = 0; at < bytes.length;) at += fs.writeSync(1, bytes, at)
  exit(0)
}

/** The permission model of Node 24 knows no network, so what leads there is taken away. */
function closeDoors({ module }: Loading): void {
  // A program given as text finds Node's modules as global variables.
  const open = [...module.builtinModules, 'require', 'module', 'exports', 'fetch', 'WebSocket', 'EventSource']
  const kept = ['process', 'console', 'crypto']
  for (const name of open) if (!kept.includes(name)) Reflect.deleteProperty(globalThis, name)
  for (const name of ['getBuiltinModule', 'binding', '_linkedBinding', 'dlopen', 'kill', 'exit']) {
    Reflect.set(process, name, () => refuse('Call', `process.${name}`))
  }
  // What people print must not mix with the answer.
  Reflect.defineProperty(process, 'stdout', { get: () => process.stderr })
}

function refuse(permission: string, resource: string): never {
  throw Object.assign(new Error('refused'), { code: 'ERR_ACCESS_DENIED', permission, resource })
}
