/**
 * What runs in the child process. It travels there as text, function by function: a TypeScript file of its own would
 * make Node load its type stripper (30 ms, more than all the rest), and a plain script would escape the type checker.
 * So these functions use nothing but Node, their arguments and each other.
 */
import type fs from 'node:fs'
import type { Answer, Progress, Question, Result, Strange } from './answer.ts'
import { noteRead, readFunctions, watchReads } from './evaluate-reads.ts'
import { askAll, recipeFunctions } from './evaluate-recipes.ts'
import type { RecipeHost } from '../infra/recipe-wish.ts'
import { type Copying, described, type Loading, plain } from './evaluate-outcome.ts'

/** The whole program for a child started with `--eval`. */
export function programFor(question: Question): string {
  const functions = [
    evaluate,
    hookLoading,
    load,
    evaluated,
    described,
    plain,
    writeLine,
    closeDoors,
    refuse,
    ...recipeFunctions,
    ...readFunctions,
  ]
  return `{\n${functions.map(String).join('\n')}\n${evaluate.name}(${JSON.stringify(question)})\n}`
}

async function evaluate(question: Question): Promise<void> {
  const { dir, modules } = question
  const fs = process.getBuiltinModule('node:fs')
  const loading: Loading = {
    typed: false,
    sources: [],
    failedImport: { specifier: '', importer: '' },
    reads: new Set(),
    fs,
    path: process.getBuiltinModule('node:path'),
    url: process.getBuiltinModule('node:url'),
    module: process.getBuiltinModule('node:module'),
    exit: process.exit.bind(process),
    dir,
    tell: (progress) => writeLine(fs, progress),
  }
  const root = loading.url.pathToFileURL(dir).href + '/'
  const strange: Strange[] = []
  hookLoading(root, modules, loading)
  const hosts = question.asks === 'recipes' ? JSON.parse(fs.readFileSync(0, 'utf8')) : null
  watchReads(loading)
  closeDoors(loading)
  const whole: Whole = { recipeMark: question.recipeMark, hosts, strange }
  let result = await evaluated(root + 'tandem.ts', whole, loading)
  if (result.type === 'thrown' && result.thrown.isSyntax) {
    // Types are a syntax error to JavaScript. Nothing has run yet, so nothing runs twice.
    loading.typed = true
    loading.sources = []
    result = await evaluated(root + 'tandem.ts?typed', whole, loading)
  }
  loading.tell({ result, strange, sources: loading.sources, reads: [...loading.reads] })
  loading.exit(0)
}

function hookLoading(root: string, modules: Question['modules'], loading: Loading): void {
  const { builtinModules, registerHooks } = loading.module
  const isOurs = (url: string) =>
    url.startsWith(root) && !url.includes('/node_modules/') && /\.(ts|mts|js|mjs)(\?|$)/.test(url)
  const harmless = ['assert', 'buffer', 'crypto', 'fs', 'fs/promises', 'os', 'path', 'url', 'util']
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'tandem') return { url: 'tandem:define', format: 'module', shortCircuit: true }
      if (specifier === 'tandem:words' && !(context.parentURL ?? '').startsWith('file:')) {
        return { url: specifier, format: 'module', shortCircuit: true }
      }
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
      if (url === 'tandem:define') return { format: 'module', source: modules.tandem, shortCircuit: true }
      if (url === 'tandem:words') return { format: 'module', source: modules.words, shortCircuit: true }
      if (url.startsWith('file:')) noteRead(new URL(url), loading)
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

type Whole = Readonly<{ recipeMark: string; hosts: readonly RecipeHost[] | null; strange: Strange[] }>

async function evaluated(
  url: string,
  { hosts, recipeMark, strange }: Whole,
  loading: Loading,
): Promise<Result> {
  try {
    const module: object = await import(url)
    if (!('default' in module)) return { type: 'no default export' }
    if (hosts !== null) {
      // It is there already, so nothing is waited for that a recipe could have touched.
      const { made } = await import('tandem:words' as string)
      loading.tell({ sources: loading.sources })
      return askAll(module.default, made, hosts, loading)
    }
    const stand: Copying['stand'] = (found, path) =>
      typeof found === 'function' && path.length === 2 && path[0] === 'roles' ? recipeMark : undefined
    return { type: 'value', value: plain(module.default, [], [], { strange, stand }) }
  } catch (thrown) {
    return { type: 'thrown', thrown: described(thrown, loading.failedImport) }
  }
}

function writeLine(to: typeof fs, said: Progress | Answer): void {
  const bytes = Buffer.from(`${JSON.stringify(said)}\n`)
  for (let at = 0; at < bytes.length;) at += to.writeSync(1, bytes, at)
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
