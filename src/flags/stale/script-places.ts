import type { FlagPlace } from '../../api/wire/flag-use.ts'
import { isNode, meantBy, type Node, nodesOf, treeOf } from './script-tree.ts'

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
    for (const node of nodes) if (isCall(node)) this.#call(node)
    for (const node of nodes) {
      const text = textOf(node)
      if (text !== null && this.#flags.has(text) && !this.#keys.has(node)) this.#put(node, text, 'named')
    }
    this.places.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)
  }

  #learn({ type, id, init }: Node): void {
    if (type !== 'VariableDeclarator' || !isNode(id) || !isNode(init)) return
    const text = textOf(meantBy(init))
    if (text !== null && nameOf(id) !== '') this.#constants.set(nameOf(id), text)
  }

  #call(node: Call): void {
    const { name, of } = calleeOf(node)
    const isSure = openFeature.test(name) || (ofFlags.test(name) && /flags$/i.test(of))
    // `details` of ours is told the type first.
    const written = node.arguments[name === 'details' && isSure ? 1 : 0]
    if (written === undefined || !(isSure || alsoAsking.test(name))) return
    const key = meantBy(written)
    const text = textOf(key) ?? this.#constants.get(nameOf(key)) ?? null
    if (text === null) {
      if (isSure) this.#put(key, null, 'asked')
      return
    }
    if (!this.#flags.has(text)) return
    this.#keys.add(key)
    this.#put(key, text, 'asked')
  }

  #put(node: Node, flag: string | null, how: Found['how']): void {
    if (node.loc) this.places.push({ at: node.loc.start, flag, how })
  }
}

type Call = Node & Readonly<{ callee: Node; arguments: readonly Node[] }>

const isCall = (node: Node): node is Call => node.type === 'CallExpression'

/** A text that stands there as it is. */
function textOf({ type, value, quasis, expressions }: Node): string | null {
  if (type === 'Literal') return typeof value === 'string' ? value : null
  if (type !== 'TemplateLiteral') return null
  const [first, ...more] = quasis as readonly Readonly<{ value: Readonly<{ cooked?: string | null }> }>[]
  return more.length === 0 && (expressions as readonly Node[]).length === 0
    ? (first?.value.cooked ?? null)
    : null
}

const nameOf = ({ type, name }: Node): string => (type === 'Identifier' ? String(name) : '')

/** What is called, and of what: `flags.boolean`. */
function calleeOf(call: Call): Readonly<{ name: string; of: string }> {
  const callee = meantBy(call.callee)
  if (callee.type !== 'MemberExpression') return { name: nameOf(callee), of: '' }
  const { object, property } = callee as Node & Readonly<{ object: Node; property: Node }>
  const owner = meantBy(object)
  const of = owner.type === 'MemberExpression' ? nameOf(owner['property'] as Node) : nameOf(owner)
  return { name: nameOf(property), of }
}
