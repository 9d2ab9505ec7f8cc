/**
 * Enough of TypeScript's grammar to look at a file without being misled by its comments and strings. A parser would know
 * more, but none of ours reads TypeScript and JSX, and the rules ask only for imports, names and words.
 */

export type SourceFile = Readonly<{ path: string; text: string }>

/** What a rule found: `says` names the mistake and what to do about it. Lines count from 1. */
export type Finding = Readonly<{ path: string; line: number; says: string }>

/** Everything under the root that people wrote. `paths` also holds the files whose text is not read (images). */
export type Tree = Readonly<{ files: readonly SourceFile[]; paths: ReadonlySet<string> }>

export type ImportKind = 'value' | 'type' | 'dynamic'

/** One import: `specifier` as written, `names` as exported over there (none for `import('x')` and `import 'x'`). */
export type Import = Readonly<{
  kind: ImportKind
  specifier: string
  names: readonly string[]
  line: number
}>

export function isScript(path: string): boolean {
  return /\.(ts|tsx|js|mjs)$/.test(path)
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path)
}

export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

const quotes = new Set(["'", '"', '`'])
const regexMayFollow = /(^|[(,=:[!&|?{;+*%~^>\n-]|\b(return|typeof|case|in|of|do|else|void|await|yield))\s*$/

/**
 * The text with the insides of comments, strings and regular expressions blanked by spaces: same length, same lines, so
 * that an offset found here is one in the original. Code inside `${}` stays.
 */
export function codeOf(text: string): string {
  const out = text.split('')
  const depths: number[] = []
  let depth = 0
  let at = 0
  const blank = (from: number, to: number) => {
    for (let i = from; i < to && i < out.length; i += 1) if (out[i] !== '\n') out[i] = ' '
  }
  const template = (from: number) => {
    const end = templateEnd(text, from)
    blank(from, end)
    if (text[end] === '$') {
      depths.push(depth)
      return end + 2
    }
    return end + 1
  }
  while (at < text.length) {
    const char = text[at] ?? ''
    const next = text[at + 1]
    if (char === '/' && (next === '/' || next === '*')) {
      const end = commentEnd(text, at)
      blank(at, end)
      at = end
    } else if (char === '`') at = template(at + 1)
    else if (quotes.has(char)) {
      const end = lineQuoteEnd(text, at)
      blank(at + 1, end)
      at = end + 1
    } else if (char === '/' && regexMayFollow.test(out.slice(Math.max(0, at - 12), at).join(''))) {
      const end = regexEnd(text, at)
      blank(at + 1, end)
      at = end + 1
    } else if (char === '}' && depths.at(-1) === depth) {
      depths.pop()
      at = template(at + 1)
    } else {
      if (char === '{') depth += 1
      if (char === '}') depth -= 1
      at += 1
    }
  }
  return out.join('')
}

function commentEnd(text: string, at: number): number {
  const close = text[at + 1] === '/' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2) + 2
  return close < at ? text.length : close
}

/** Where a template's text ends: at its closing backtick or at the `$` of a `${`. */
function templateEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '`' || (text[at] === '$' && text[at + 1] === '{')) return at
  }
  return text.length
}

function lineQuoteEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === text[from] || text[at] === '\n') return at
  }
  return text.length
}

function regexEnd(text: string, from: number): number {
  let inClass = false
  for (let at = from + 1; at < text.length; at += 1) {
    const char = text[at]
    if (char === '\\') at += 1
    else if (char === '[') inClass = true
    else if (char === ']') inClass = false
    else if (char === '\n' || (char === '/' && !inClass)) return at
  }
  return text.length
}

const statement =
  /\b(import|export)\s+(type\s+)?((?:[\w$]+\s*,?\s*)?(?:\{[^{}]*\}|\*(?:\s+as\s+[\w$]+)?)?)\s*from\s*['"]/g
const bare = /\bimport\s*['"]/g
const call = /(\btypeof\s+)?\bimport\(\s*['"]/g

/** Every import and re-export of a file, in no promised order. */
export function importsOf(file: SourceFile): readonly Import[] {
  const code = codeOf(file.text)
  const found: Import[] = []
  const add = (match: RegExpExecArray, kind: ImportKind, names: readonly string[]) => {
    const from = match.index + match[0].length
    const specifier = file.text.slice(from, lineQuoteEnd(file.text, from - 1))
    found.push({ kind, specifier, names, line: lineAt(file.text, match.index) })
  }
  for (const match of code.matchAll(statement)) {
    const specs = specsOf(match[3] ?? '')
    const onlyTypes = specs.length > 0 && specs.every((spec) => spec.startsWith('type '))
    const names = specs.map((spec) => spec.replace(/^type /, '').replace(/ as .*/, ''))
    add(match, match[2] !== undefined || onlyTypes ? 'type' : 'value', names)
  }
  for (const match of code.matchAll(bare)) add(match, 'value', [])
  // A declaration file loads nothing.
  const isDeclared = file.path.endsWith('.d.ts')
  for (const match of code.matchAll(call)) {
    add(match, isDeclared || match[1] !== undefined ? 'type' : 'dynamic', [])
  }
  return found
}

function specsOf(clause: string): readonly string[] {
  const braced = /\{([^{}]*)\}/.exec(clause)?.[1] ?? clause
  return braced
    .split(',')
    .map((spec) => spec.trim().replace(/\s+/g, ' '))
    .filter((spec) => spec !== '')
}

const exported =
  /\bexport\s+(?:async\s+)?(?:const|let|function\*?|class|type|interface|abstract class)\s+([\w$]+)/g

/** The names a file exports by declaring them, each with its line. */
export function exportsOf(file: SourceFile): readonly Readonly<{ name: string; line: number }>[] {
  return [...codeOf(file.text).matchAll(exported)].map((match) => ({
    name: match[1] ?? '',
    line: lineAt(file.text, match.index),
  }))
}
