import {
  type Alias,
  Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Pair,
  type YAMLMap,
} from 'yaml'
import type { RuleMistake } from '../rule.ts'

export type Keys = ReadonlyMap<string, Node | null>

/** Merges within merges are not followed further: nobody writes them, and one may contain itself. */
const deepestMerge = 8

/**
 * The nodes of one YAML file, read as far as somebody asks for them. What is not as it was asked for becomes a mistake, with
 * its line, and is left out.
 */
export class Nodes {
  readonly #file: string
  readonly #lines = new LineCounter()
  readonly #document: Document | null
  readonly #aliases = new Map<Alias, Node | null>()
  readonly mistakes: RuleMistake[] = []

  constructor(file: string, text: string) {
    this.#file = file
    const documents = parseAllDocuments(text.replace(/^\ufeff/, ''), {
      lineCounter: this.#lines,
      prettyErrors: false,
      // Keys are compared where they are asked for.
      uniqueKeys: false,
      logLevel: 'silent',
    })
    const [first = null, second] = Array.isArray(documents) ? documents : []
    this.#document = first
    for (const { pos, message } of documents.flatMap(({ errors }) => errors))
      this.#complain(this.#lines.linePos(pos[0]).line, `yaml: ${message}`)
    const behind = second?.range[0]
    if (behind !== undefined)
      this.#complain(this.#lines.linePos(behind).line, 'another document begins here, and only one is read')
  }

  /** The outermost node; null for an empty file. */
  get root(): Node | null {
    return this.#resolved(this.#document?.contents)
  }

  complain(at: Node | null, what: string): void {
    this.#complain(this.lineOf(at), what)
  }

  lineOf(node: Node | null): number {
    const start = node?.range?.[0]
    return start === undefined ? 1 : this.#lines.linePos(start).line
  }

  /** The keys of a mapping, of which only some are known. Nothing is an empty one. */
  keys(node: Node | null, known: readonly string[], what: string): Keys {
    const keys = this.entries(node, what)
    for (const [key, value] of keys)
      if (!known.includes(key))
        this.complain(value ?? node, `unknown key '${key}' in ${what}; known there: ${known.join(', ')}`)
    return keys
  }

  /** All keys of a mapping, with what is merged into it. */
  entries(node: Node | null, what: string): Keys {
    if (isNothing(node)) return new Map()
    if (isMap(node)) return this.#entriesOf(node, what, 0)
    this.complain(node, `${what} must be a mapping, and is ${kindOf(node)}`)
    return new Map()
  }

  /** The items of a list, without those that are nothing. */
  items(node: Node | null, what: string): readonly Node[] {
    if (isNothing(node)) return []
    if (isSeq(node)) {
      const items = node.items.map((item) => this.#resolved(item))
      return items.filter((item): item is Node => !isNothing(item))
    }
    this.complain(node, `${what} must be a list, and is ${kindOf(node)}`)
    return []
  }

  /** A text as it stands there, be it a number or a word to YAML; the empty text for nothing. */
  text(node: Node | null, what: string): string {
    if (isNothing(node)) return ''
    if (isScalar(node)) return typeof node.value === 'string' ? node.value : (node.source ?? '')
    this.complain(node, `${what} must be a text, and is ${kindOf(node)}`)
    return ''
  }

  whole(node: Node | null, what: string): number {
    if (isNothing(node)) return 0
    if (isScalar(node) && typeof node.value === 'number' && Number.isSafeInteger(node.value))
      return node.value
    this.complain(node, `${what} must be a whole number, and is ${kindOf(node)}`)
    return 0
  }

  #entriesOf(map: YAMLMap, what: string, depth: number): Map<string, Node | null> {
    const own = new Map<string, Node | null>()
    const merged: Node[] = []
    for (const pair of map.items) {
      const key = keyOf(pair)
      const value = this.#resolved(pair.value)
      if (key === '<<' && value !== null) merged.push(value)
      else if (own.has(key)) this.complain(asNode(pair.key), `'${key}' stands in ${what} twice`)
      else own.set(key, value)
    }
    for (const [key, value] of merged.flatMap((from) => this.#mergedFrom(from, what, depth + 1)))
      if (!own.has(key)) own.set(key, value)
    return own
  }

  #mergedFrom(from: Node, what: string, depth: number): readonly (readonly [string, Node | null])[] {
    const maps = isSeq(from) ? from.items.map((item) => this.#resolved(item)) : [from]
    return maps.flatMap((map) => {
      if (isMap(map) && depth <= deepestMerge) return [...this.#entriesOf(map, what, depth)]
      this.complain(map, `only mappings can be merged into ${what}`)
      return []
    })
  }

  #resolved(node: unknown): Node | null {
    if (!isAlias(node)) return asNode(node)
    // To find what an alias means, all of the document is gone through.
    const meant = this.#aliases.get(node) ?? node.resolve(this.#document ?? new Document()) ?? null
    this.#aliases.set(node, meant)
    return meant
  }

  #complain(line: number, what: string): void {
    this.mistakes.push({ file: this.#file, line, what })
  }
}

function asNode(found: unknown): Node | null {
  return isScalar(found) || isMap(found) || isSeq(found) || isAlias(found) ? found : null
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? (typeof key.value === 'string' ? key.value : (key.source ?? '')) : ''
}

function isNothing(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null)
}

function kindOf(node: Node | null): string {
  if (isMap(node)) return 'a mapping'
  if (isSeq(node)) return 'a list'
  if (!isScalar(node)) return 'nothing'
  return typeof node.value === 'string' ? `the text '${node.value}'` : String(node.source)
}
