import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Source, Thrown } from './answer.ts'
import { type Place, placeAt } from './locate.ts'

/** What an error inside the configuration was, in words. */
export type Complaint = Readonly<{ what: string; now: string; place: Place | null }>

/** Explains what was thrown while `tandem.ts` was evaluated. `isEntryMissing` is for the caller to see to first. */
export function complaintOf(
  thrown: Thrown,
  sources: readonly Source[],
  who: string = 'tandem.ts',
): Complaint {
  if (thrown.code === 'ERR_ACCESS_DENIED') return refused(thrown, sources, who)
  if (thrown.code === 'ERR_MODULE_NOT_FOUND') {
    const now = thrown.specifier.startsWith('.')
      ? 'write the path as it is, with its .ts'
      : 'only packages in the node_modules of this folder are found'
    return {
      what: `'${thrown.specifier}' cannot be imported: it is not there`,
      now,
      place: importPlace(thrown, sources),
    }
  }
  if (thrown.isSyntax) return unreadable(thrown, sources)
  const place = framePlace(thrown, sources)
  const unheard = /^(\w+) is not defined$/.exec(thrown.message)?.[1] ?? ''
  const now = ['fetch', 'WebSocket', 'EventSource', 'require'].includes(unheard)
    ? 'tandem.ts sees its own folder and nothing else: no network, no programs'
    : 'correct it there; tandem.ts is run to be read, so it must not fail'
  return { what: `${who} failed: ${thrown.message.split('\n')[0]}`, now, place }
}

/** There is no `tandem.ts` to evaluate. */
export function isEntryMissing(thrown: Thrown): boolean {
  return thrown.code === 'ERR_MODULE_NOT_FOUND' && thrown.specifier.startsWith('file:')
}

function unreadable(thrown: Thrown, sources: readonly Source[]): Complaint {
  const place = caretPlace(thrown, sources)
  const said = (thrown.message.split('\n')[0] ?? '').replace("'ident'", 'a name')
  const [, module, name] =
    /^The requested module '(.+)' does not provide an export named '(.+)'/.exec(said) ?? []
  if (module !== undefined)
    return { what: `'${module}' exports no '${name}'`, now: 'correct the name', place }
  if (said.includes('<eof>'))
    return { what: 'tandem.ts ends too early', now: 'close what is open: ( { [ or a quote', place }
  if (thrown.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return { what: said, now: 'write it without: types are left out, not compiled', place }
  }
  return { what: `this cannot be read: ${said}`, now: 'correct it here or just before', place }
}

function refused(thrown: Thrown, sources: readonly Source[], who: string): Complaint {
  const { permission, resource } = thrown
  const deed: Readonly<Record<string, string>> = {
    FileSystemRead: `read ${resource}`,
    FileSystemWrite: `write ${resource}`,
    Import: `use ${resource}`,
    Call: `call ${resource}`,
  }
  const place =
    permission === 'Import'
      ? importPlace(thrown, sources)
      : (framePlace(thrown, sources) ?? wordPlace(`/${basename(resource)}`, sources))
  return {
    what: `${who} may not ${deed[permission] ?? `do this (${permission})`}`,
    now: 'it sees its own folder and nothing else: no network, no programs, nothing to write to',
    place,
  }
}

/** The first line of the stack that is in the project. */
function framePlace({ stack }: Thrown, sources: readonly Source[]): Place | null {
  for (const [, url = '', line, column] of stack.matchAll(/(file:\/\/[^\s)]+?):(\d+):(\d+)/g)) {
    const file = fileOf(url)
    if (sources.some((source) => source.file === file)) {
      return { file, line: Number(line), column: Number(column) }
    }
  }
  return null
}

/** Parsers say the line, mostly with a caret below it; the type stripper leaves out the file: the last one loaded. */
function caretPlace({ stack }: Thrown, sources: readonly Source[]): Place | null {
  const [, url, line] = /^(file:\S+?)?:(\d+)\n/.exec(stack) ?? []
  const file = url === undefined ? sources.at(-1)?.file : fileOf(url)
  if (file === undefined || line === undefined) return null
  const [, beforeCaret] = /^(?:.*\n)+?([ \t]*)\^+\n/.exec(stack) ?? []
  const text = sources.find((source) => source.file === file)?.source.split('\n')[Number(line) - 1]
  const blanks = beforeCaret ?? /^\s*/.exec(text ?? '')?.[0] ?? ''
  return { file, line: Number(line), column: blanks.length + 1 }
}

function importPlace({ specifier, importer }: Thrown, sources: readonly Source[]): Place | null {
  const file = importer.startsWith('file:') ? fileOf(importer) : ''
  return wordPlace(
    specifier,
    sources.filter((source) => source.file === file),
  )
}

function wordPlace(word: string, sources: readonly Source[]): Place | null {
  for (const { file, source } of sources) {
    const found = /from\s|import\s|import\(/.exec(source)
    const offset = source.indexOf(word, found?.index ?? 0)
    if (offset >= 0) return placeAt(source, offset, file)
  }
  return null
}

function fileOf(url: string): string {
  return fileURLToPath(url.replace(/\?typed.*$/, ''))
}
