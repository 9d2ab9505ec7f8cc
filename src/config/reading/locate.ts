import { type Expression, type ObjectExpression, parse, type Program, type Property } from 'acorn'
import { dirname, relative, resolve } from 'node:path'
import type { Source } from './answer.ts'
import type { ConfigPath } from '../mistakes/mistake.ts'

/** A place in a source file; lines and columns count from 1. */
export type Place = Readonly<{ file: string; line: number; column: number }>

/** What of an entry is pointed at: its key, its value, or, where that is a name, what the name stands for. */
type Aim = 'key' | 'value' | 'meaning'

/** A piece of one file, and the file, to look up what its names mean there. */
type Spot<T> = Readonly<{ node: T; file: string }>

/**
 * Where things of the configuration stand in its sources. Follows names, spreads and imports between the files; where a
 * value is computed, the place is that of the computation.
 */
export function locator(sources: readonly Source[], entry: string): (path: ConfigPath, at: Aim) => Place {
  const programs = new Map(sources.map(({ file, source }) => [file, programOf(source)] as const))
  const texts = new Map(sources.map(({ file, source }) => [file, source] as const))
  const exported = findExport({ programs, file: entry, name: 'default', depth: 0 })
  const placeOf = ({ node, file }: Spot<{ start: number }>) =>
    placeAt(texts.get(file) ?? '', node.start, file)
  return (path, at) => {
    if (exported === null) return { file: entry, line: 1, column: 1 }
    return placeOf(follow({ programs, spot: unwrapped(exported), path, at }))
  }
}

/** The place of the character at `offset`. */
export function placeAt(text: string, offset: number, file: string): Place {
  const before = text.slice(0, offset).split('\n')
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/** `tandem.ts:4:61`, as messages have it: relative to the folder `root`. */
export function shownPlace({ file, line, column }: Place, root: string): string {
  return `${relative(root, file)}:${line}:${column}`
}

type Programs = ReadonlyMap<string, Program | null>

/** Names may refer to each other in a circle; nobody who writes for people goes this deep. */
const deepest = 50

function programOf(source: string): Program | null {
  try {
    return parse(source, { ecmaVersion: 'latest', sourceType: 'module' })
  } catch {
    return null
  }
}

type Walk = Readonly<{ programs: Programs; spot: Spot<Expression>; path: ConfigPath; at: Aim }>

/** The deepest place on the way that can be seen without running the program. */
function follow({ programs, spot, path, at }: Walk): Spot<{ start: number }> {
  let value = spot
  let key: Spot<{ start: number }> = spot
  for (const step of path) {
    const next = stepInto({ programs, spot: meant(programs, value), step, depth: 0 })
    if (next === null) return value
    key = next.key
    value = next.value
  }
  if (at === 'meaning') return meant(programs, value)
  return at === 'key' ? key : value
}

type Step = Readonly<{ programs: Programs; spot: Spot<Expression>; step: string | number; depth: number }>

function stepInto(walk: Step): { key: Spot<{ start: number }>; value: Spot<Expression> } | null {
  const { node, file } = walk.spot
  if (node.type === 'ArrayExpression' && typeof walk.step === 'number') {
    const before = node.elements.slice(0, walk.step + 1)
    const element = before[walk.step]
    const isCertain = before.every((item) => item?.type !== 'SpreadElement')
    if (!isCertain || !element || element.type === 'SpreadElement') return null
    return { key: { node: element, file }, value: { node: element, file } }
  }
  return node.type === 'ObjectExpression' ? propertyOf({ ...walk, spot: { node, file } }) : null
}

/** The last one wins, as it does when the program runs. */
function propertyOf(walk: Step & { spot: Spot<ObjectExpression> }): ReturnType<typeof stepInto> {
  const { programs, step, depth } = walk
  const { node, file } = walk.spot
  for (const property of node.properties.toReversed()) {
    if (property.type === 'SpreadElement') {
      if (depth > deepest) return null
      const spot = meant(programs, { node: property.argument, file })
      const found = stepInto({ programs, spot, step, depth: depth + 1 })
      if (found !== null) return found
    } else if (nameOf(property) === String(step)) {
      return { key: { node: property.key, file }, value: { node: property.value, file } }
    }
  }
  return null
}

function nameOf({ key, computed }: Property): string | null {
  if (key.type === 'Identifier' && !computed) return key.name
  return key.type === 'Literal' ? String(key.value) : null
}

/** What a name, a `name.key` or a call of `tandem` stands for, as far as that can be seen. */
function meant(programs: Programs, spot: Spot<Expression>, depth = 0): Spot<Expression> {
  const { node, file } = unwrapped(spot)
  if (depth > deepest) return { node, file }
  if (node.type === 'Identifier') {
    const found = findName({ programs, file, name: node.name, depth })
    return found === null ? { node, file } : meant(programs, found, depth + 1)
  }
  if (
    node.type === 'MemberExpression' &&
    node.object.type !== 'Super' &&
    node.property.type === 'Identifier'
  ) {
    const owner = meant(programs, { node: node.object, file }, depth + 1)
    const found = stepInto({ programs, spot: owner, step: node.property.name, depth })
    return found === null ? { node, file } : meant(programs, found.value, depth + 1)
  }
  return { node, file }
}

function unwrapped({ node, file }: Spot<Expression>): Spot<Expression> {
  const [first] = node.type === 'CallExpression' ? node.arguments : []
  const isOurs =
    node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'tandem'
  if (isOurs && first !== undefined && first.type !== 'SpreadElement') return { node: first, file }
  return { node, file }
}

type Lookup = Readonly<{ programs: Programs; file: string; name: string; depth: number }>

/** A constant at the top level of a file, or what it imports under this name. */
function findName({ programs, file, name, depth }: Lookup): Spot<Expression> | null {
  for (const statement of programs.get(file)?.body ?? []) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (declared?.type === 'VariableDeclaration') {
      const one = declared.declarations.find(({ id }) => id.type === 'Identifier' && id.name === name)
      if (one?.init) return { node: one.init, file }
    }
    if (statement.type !== 'ImportDeclaration' || depth > deepest) continue
    for (const specifier of statement.specifiers) {
      if (specifier.local.name !== name || specifier.type === 'ImportNamespaceSpecifier') continue
      const wanted = specifier.type === 'ImportDefaultSpecifier' ? 'default' : wordOf(specifier.imported)
      const from = importedFile(programs, file, String(statement.source.value))
      return from === null ? null : findExport({ programs, file: from, name: wanted, depth: depth + 1 })
    }
  }
  return null
}

function findExport(lookup: Lookup): Spot<Expression> | null {
  const { programs, file, name } = lookup
  for (const statement of programs.get(file)?.body ?? []) {
    if (statement.type === 'ExportDefaultDeclaration' && name === 'default') {
      const { declaration } = statement
      if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') return null
      return meant(programs, { node: declaration, file }, lookup.depth)
    }
    if (statement.type !== 'ExportNamedDeclaration') continue
    const specifier = statement.specifiers.find(({ exported }) => wordOf(exported) === name)
    if (specifier !== undefined) return findName({ ...lookup, name: wordOf(specifier.local) })
  }
  return name === 'default' ? null : findName(lookup)
}

function wordOf(node: { type: 'Identifier'; name: string } | { type: 'Literal'; value?: unknown }): string {
  return node.type === 'Identifier' ? node.name : String(node.value)
}

function importedFile(programs: Programs, file: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null
  const target = resolve(dirname(file), specifier)
  return programs.has(target) ? target : null
}
