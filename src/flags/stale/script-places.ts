import { stripTypeScriptTypes } from 'node:module'
import { type CallExpression, type Node, type Options, parse } from 'acorn'
import type { FlagPlace } from '../../api/wire-flag-use.ts'

export function isScript(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path)
}

/** Methods of OpenFeature; and those of a thing that is called flags, as with our own SDK. */
const openFeature = /^get(Boolean|String|Number|Object)(Value|Details)$/
const ofFlags = /^(boolean|string|number|object|details|resolve|peek|explain)$/
/** What is given a key by other names: hooks, and clients of others that are on their way out. */
const alsoAsking =
  /^(use\w*Flag\w*|is(Feature)?(On|Off|Enabled)|variation|getVariant|getFeatureValue|evalFeature)$/

const maybe =
  /get(Boolean|String|Number|Object)(Value|Details)\s*\(|[fF]lags\s*\??\.\s*(boolean|string|number|object|details)\s*\(/
const parsedLimitChars = 400_000
const codeLimitChars = 160

/** The places of a file in JavaScript or TypeScript; null for one that cannot be read as such. */
export function scriptPlaces(
  path: string,
  text: string,
  flags: ReadonlySet<string>,
): readonly FlagPlace[] | null {
  if (!maybe.test(text) && !namesOne(text, flags)) return []
  const tree = text.length > parsedLimitChars ? null : treeOf(path, text)
  if (tree === null) return null
  const lines = text.split('\n')
  const found = new Finder(flags)
  found.walk(tree)
  return found.places.map(({ at, flag, how }) => {
    const { line, column } = at
    return { path, line, column: column + 1, flag, how, code: shortened(lines[line - 1] ?? '') }
  })
}

function namesOne(text: string, flags: ReadonlySet<string>): boolean {
  for (const [, , word = ''] of text.matchAll(/(["'`])([\w.:/-]{1,200})\1/g)) if (flags.has(word)) return true
  return false
}

/** A line as it is shown. */
export function shortened(line: string): string {
  const code = line.trim()
  return code.length > codeLimitChars ? `${code.slice(0, codeLimitChars - 1)}…` : code
}

/** Types are blanked out, so that places stay what they are. */
function treeOf(path: string, text: string): Node | null {
  try {
    const source = path.endsWith('ts') ? stripTypeScriptTypes(text) : text
    return parsed(source, 'module') ?? parsed(source, 'script')
  } catch {
    return null
  }
}

const usual: Partial<Options> = {
  ecmaVersion: 'latest',
  locations: true,
  allowHashBang: true,
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
}

function parsed(source: string, sourceType: 'module' | 'script'): Node | null {
  try {
    return parse(source, { ...usual, ecmaVersion: 'latest', sourceType })
  } catch {
    return null
  }
}

type Found = Readonly<{
  at: Readonly<{ line: number; column: number }>
  flag: string | null
  how: 'asked' | 'named'
}>

/** Goes through a tree, and keeps where flags are named. */
class Finder {
  readonly places: Found[] = []
  readonly #flags: ReadonlySet<string>
  /** Constants that are texts, by name: asking by one of them is asking by its text. */
  readonly #constants = new Map<string, string>()
  readonly #keys = new Set<Node>()

  constructor(flags: ReadonlySet<string>) {
    this.#flags = flags
  }

  walk(tree: Node): void {
    const nodes = nodesOf(tree)
    for (const node of nodes) this.#learn(node)
    for (const node of nodes) if (node.type === 'CallExpression') this.#call(node as CallExpression)
    for (const node of nodes) {
      const text = textOf(node)
      if (text !== null && this.#flags.has(text) && !this.#keys.has(node)) this.#put(node, text, 'named')
    }
    this.places.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)
  }

  #learn(node: Node): void {
    if (node.type !== 'VariableDeclarator' || !('id' in node) || !('init' in node)) return
    const { id, init } = node as Node & { id: Node & { name?: string }; init: Node | null }
    const text = init === null ? null : textOf(init)
    if (text !== null && id.name !== undefined) this.#constants.set(id.name, text)
  }

  #call(node: CallExpression): void {
    const { name, of } = calleeOf(node)
    const [key] = node.arguments
    const isSure = openFeature.test(name) || (ofFlags.test(name) && /flags$/i.test(of))
    // `details` of ours is told the type first.
    const asked = name === 'details' && isSure ? node.arguments[1] : key
    if (asked === undefined || !(isSure || alsoAsking.test(name))) return
    const text = textOf(asked) ?? this.#constants.get(nameOf(asked)) ?? null
    if (text === null) {
      if (isSure) this.#put(asked, null, 'asked')
      return
    }
    if (!this.#flags.has(text)) return
    this.#keys.add(asked)
    this.#put(asked, text, 'asked')
  }

  #put(node: Node, flag: string | null, how: Found['how']): void {
    if (node.loc) this.places.push({ at: node.loc.start, flag, how })
  }
}

/** All nodes of a tree, without recursion: a tree may be deeper than the stack. */
function nodesOf(tree: Node): readonly Node[] {
  const nodes: Node[] = [tree]
  for (let at = 0; at < nodes.length; at += 1)
    for (const value of Object.values(nodes[at] ?? {}))
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) nodes.push(child)
  return nodes
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** A text that stands there as it is. */
function textOf(node: Node): string | null {
  if (node.type === 'Literal' && 'value' in node) return typeof node.value === 'string' ? node.value : null
  if (node.type !== 'TemplateLiteral') return null
  const { quasis, expressions } = node as Node & {
    quasis: readonly { value: { cooked?: string | null } }[]
    expressions: readonly Node[]
  }
  return expressions.length === 0 ? (quasis[0]?.value.cooked ?? null) : null
}

function nameOf(node: Node): string {
  return node.type === 'Identifier' && 'name' in node ? String(node.name) : ''
}

/** What is called, and of what: `flags.boolean`. */
function calleeOf({ callee }: CallExpression): Readonly<{ name: string; of: string }> {
  if (callee.type === 'Identifier') return { name: callee.name, of: '' }
  if (callee.type !== 'MemberExpression') return { name: '', of: '' }
  const { object, property } = callee
  const of = object.type === 'MemberExpression' ? nameOf(object.property) : nameOf(object)
  return { name: nameOf(property), of }
}
