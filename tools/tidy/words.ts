import { codeOf, exportsOf, type Finding, isScript, isTest, lineAt, type SourceFile } from './source.ts'

/** Names that say nothing about what they hold. The plural is meant too. */
const emptyNames = [
  'manager',
  'helper',
  'util',
  'common',
  'misc',
  'base',
  'impl',
  'data',
  'info',
  'dto',
  'handler',
]

/** Where a word that is banned elsewhere is the right one: HTTP has handlers. */
const nameExceptions: readonly Readonly<{ word: string; under: string }>[] = [
  { word: 'handler', under: 'src/api/' },
]

/** File and folder names, and exported names, that hide what they hold. */
export function emptyNamesIn(files: readonly SourceFile[]): readonly Finding[] {
  return files
    .filter((file) => isScript(file.path))
    .flatMap((file) => [
      ...wordsOf(file.path).flatMap((word) => judgeWord(file.path, 1, word, `the name ${file.path}`)),
      ...exportsOf(file).flatMap(({ name, line }) => judgeName(file.path, line, name)),
    ])
}

function judgeName(path: string, line: number, name: string): readonly Finding[] {
  if (/^I[A-Z][a-z]/.test(name))
    return [{ path, line, says: `${name}: an interface is named like the thing, without the I` }]
  return wordsOf(name).flatMap((word) => judgeWord(path, line, word, name))
}

function judgeWord(path: string, line: number, word: string, where: string): readonly Finding[] {
  const empty = emptyNames.find((banned) => word === banned || word === `${banned}s`)
  if (empty === undefined) return []
  if (nameExceptions.some((exception) => exception.word === empty && path.startsWith(exception.under)))
    return []
  return [{ path, line, says: `${where} says "${word}", which says nothing; name what it holds or does` }]
}

/** `makeDataStore` and `src/data-store.ts` both speak the words make, data, store. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase())
}

/** A word the house does not use, what it says instead, and where others are quoted who do use it. */
export type ForeignWord = Readonly<{ pattern: RegExp; instead: string; quotedIn: readonly string[] }>

/** The rules, their tests and the style page have to name what they forbid; the lock file is npm's. */
const lawBooks = ['tools/tidy', 'STYLE.md', 'package-lock.json']

export const foreignWords: readonly ForeignWord[] = [
  {
    // A peer's own command may be quoted anywhere.
    pattern: /(?<!\b(?:cap deploy:|kamal |helm ))roll(s|ed|ing)?[ -]?backs?/gi,
    instead: 'changes are reverted, steps are undone',
    // SQL's own word, and the commands of the peers that are measured.
    quotedIn: ['src/store/', 'bench/', 'docs/peers'],
  },
  {
    pattern: /\b(TODO|FIXME|XXX)\b/g,
    instead: 'finish it, or file it where work is kept; nothing unfinished merges',
    quotedIn: [],
  },
]

/** Words in any text of the tree that belong to another house. */
export function foreignWordsIn(
  files: readonly SourceFile[],
  words: readonly ForeignWord[],
): readonly Finding[] {
  return files.flatMap(({ path, text }) =>
    words
      .filter((word) => ![...word.quotedIn, ...lawBooks].some((place) => path.startsWith(place)))
      .flatMap((word) =>
        [...text.matchAll(word.pattern)].map((match) => ({
          path,
          line: lineAt(text, match.index),
          says: `"${match[0]}" is not a word of this house: ${word.instead}`,
        })),
      ),
  )
}

/** Re-exports: a reader can no longer see where a name comes from. A published package has one, its entry. */
export function reexports(files: readonly SourceFile[]): readonly Finding[] {
  return files
    .filter((file) => isScript(file.path) && !isTest(file.path) && !packageEntries.has(file.path))
    .flatMap((file) =>
      [...codeOf(file.text).matchAll(/\bexport\s+(\*|(type\s+)?\{[^{}]*\}\s*from\b)/g)].map((match) => ({
        path: file.path,
        line: lineAt(file.text, match.index),
        says: 're-exporting hides where a name comes from; let people import the file that declares it',
      })),
    )
}

/** What `@tandem/sdk` and, in a team's `tandem.ts`, `tandem` stand for. */
const packageEntries = new Set(['sdk/index.ts', 'sdk/src/index.ts', 'src/config/define.ts'])
