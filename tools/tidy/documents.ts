import { posix } from 'node:path'
import { type Finding, lineAt, type SourceFile, type Tree } from './source.ts'

const fence = /^( *)(```+|~~~+)[^\n]*\n([\s\S]*?)^\1\2 *$/gm

function isDocument(path: string): boolean {
  return path.endsWith('.md')
}

/** Relative links, of documents, to files that are not there. Examples in code fences are not links. */
export function brokenLinks(tree: Tree): readonly Finding[] {
  return tree.files.filter(({ path }) => isDocument(path)).flatMap((file) => brokenLinksOf(file, tree))
}

function brokenLinksOf({ path, text }: SourceFile, tree: Tree): readonly Finding[] {
  const prose = text
    .replace(fence, (block) => block.replace(/[^\n]/g, ' '))
    .replace(/`[^`\n]*`/g, (code) => ' '.repeat(code.length))
  const headings = new Map(tree.files.map((file) => [file.path, file.text]))
  return [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)|^\[[^\]]+\]:\s*(\S+)/gm)].flatMap((match) => {
    const link = match[1] ?? match[2] ?? ''
    if (/^[a-z][a-z+.-]*:|^\/\//i.test(link)) return []
    const line = lineAt(text, match.index)
    const [file = '', anchor] = link.split('#')
    const target = file === '' ? path : posix.join(posix.dirname(path), decodeURI(file)).replace(/\/$/, '')
    if (!isThere(target, tree))
      return [{ path, line, says: `the link ${link} points at no file; mend or remove it` }]
    const there = headings.get(target)
    if (anchor === undefined || there === undefined || !isDocument(target)) return []
    if (anchorsOf(there).has(anchor)) return []
    return [{ path, line, says: `the link ${link} points at no heading of ${target}; mend or remove it` }]
  })
}

/** Files that documents name by their place (from the root, from `src/` or from the document) and that are not there. */
export function missingPlaces(tree: Tree): readonly Finding[] {
  return tree.files
    .filter(({ path }) => isDocument(path) && path !== 'CHANGELOG.md')
    .flatMap(({ path, text }) =>
      [...text.matchAll(/`(\w[\w.-]*\/[\w./-]*\.(?:tsx?|sh|pl))`/g)].flatMap((match) => {
        const [, place = ''] = match
        const meant = [place, `src/${place}`, posix.join(posix.dirname(path), place)]
        if (meant.some((each) => tree.paths.has(each))) return []
        return [{ path, line: lineAt(text, match.index), says: `there is no ${place}; say where it is now` }]
      }),
    )
}

/** Folders of `src/` that the map in ARCHITECTURE.md does not show. */
export function unmappedRooms({ files, paths }: Tree): readonly Finding[] {
  const map = files.find(({ path }) => path === 'ARCHITECTURE.md')
  if (map === undefined) return []
  const rooms = new Set([...paths].flatMap((path) => /^src\/([^/]+)\//.exec(path)?.[1] ?? []))
  return [...rooms]
    .filter((room) => !new RegExp(`^ +${room}/ `, 'm').test(map.text))
    .map((room) => ({
      path: map.path,
      line: 1,
      says: `the map does not show src/${room}/; say what is there`,
    }))
}

function isThere(target: string, { paths }: Tree): boolean {
  if (target === '.' || paths.has(target)) return true
  const folder = `${target}/`
  for (const path of paths) if (path.startsWith(folder)) return true
  return false
}

/** The anchors a forge makes of the headings. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.replace(fence, '').matchAll(/^#{1,6} +(.+?) *$/gm)]
  return new Set(
    headings.map((heading) =>
      (heading[1] ?? '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replace(/ /g, '-'),
    ),
  )
}

/**
 * Examples that came adrift: a fence under `<!-- from PATH -->` must stand in that file line by line, so that the
 * document shows what is tested. Indentation may differ.
 */
export function driftedExamples(tree: Tree): readonly Finding[] {
  const texts = new Map(tree.files.map((file) => [file.path, file.text]))
  return tree.files
    .filter(({ path }) => isDocument(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/^<!-- from (\S+) -->\n+(```+)[^\n]*\n([\s\S]*?)^\2 *$/gm)].flatMap((match) => {
        const [, from = '', , example = ''] = match
        const source = texts.get(from)
        if (source !== undefined && flat(source).includes(flat(example))) return []
        const what = source === undefined ? 'is not there' : 'does not have these lines'
        const says = `the example says it is from ${from}, which ${what}; copy it anew from tested code`
        return [{ path, line: lineAt(text, match.index), says }]
      }),
    )
}

function flat(text: string): string {
  return `\n${text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')}\n`
}

const pageLines = 80
const decisions = 'docs/decisions/'

/** Decision pages are one page each and numbered 0001, 0002 … without gaps, so that one can be cited by number. */
export function decisionPages(files: readonly SourceFile[]): readonly Finding[] {
  const pages = files
    .filter(({ path }) => path.startsWith(decisions) && isDocument(path))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const long = pages.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length
    const says = `a decision is one page of at most ${pageLines} lines, this has ${lines}; keep the why, cut the rest`
    return lines > pageLines ? [{ path, line: pageLines + 1, says }] : []
  })
  const numbered = pages.filter(({ path }) => path !== dependencyPage)
  const misnumbered = numbered.flatMap(({ path }, index) => {
    const expected = String(index + 1).padStart(4, '0')
    if (new RegExp(`^${decisions}${expected}-[a-z0-9-]+\\.md$`).test(path)) return []
    return [
      { path, line: 1, says: `the next decision is ${expected}-title.md; number without gaps or twins` },
    ]
  })
  return [...long, ...misnumbered.slice(0, 1)]
}

export const dependencyPage = `${decisions}dependencies.md`
