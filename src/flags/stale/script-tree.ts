import { createRequire } from 'node:module'
import type * as Parser from '@babel/parser'

/** A node of a syntax tree as ESTree has it, or one that only TypeScript or JSX has. */
export type Node = Readonly<{
  type: string
  loc?: Readonly<{ start: Readonly<{ line: number; column: number }> }>
  [member: string]: unknown
}>

/** JavaScript and TypeScript, with JSX or without. */
export function isScript(path: string): boolean {
  return /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path)
}

/** The program in a file, or null where it cannot be read as one. */
export function treeOf(path: string, text: string): Node | null {
  return parsed(path, text, 'module') ?? parsed(path, text, 'script')
}

const require = createRequire(import.meta.url)

function parsed(path: string, text: string, sourceType: 'module' | 'script'): Node | null {
  // Few ask, so it is loaded when somebody does.
  const { parse } = require('@babel/parser') as typeof Parser
  try {
    const { program } = parse(text, {
      sourceType,
      plugins: pluginsFor(path),
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      allowUndeclaredExports: true,
    })
    return program as unknown as Node
  } catch {
    return null
  }
}

function pluginsFor(path: string): Parser.ParserPlugin[] {
  const isTyped = /\.(?:[cm]?ts|tsx)$/.test(path)
  // Where types are cast as `<T>value`, there can be no JSX.
  const hasJsx = !/\.[cm]?ts$/.test(path)
  return [
    'estree',
    'decorators',
    ...(isTyped ? ['typescript' as const] : []),
    ...(hasJsx ? ['jsx' as const] : []),
  ]
}

/** All nodes of a tree but types, without recursion: a tree may be deeper than the stack. */
export function nodesOf(tree: Node): readonly Node[] {
  const nodes: Node[] = [tree]
  for (let at = 0; at < nodes.length; at += 1)
    for (const value of Object.values(nodes[at] ?? {}))
      for (const child of Array.isArray(value) ? value : [value])
        if (isNode(child) && !isOfTypes(child)) nodes.push(child)
  return nodes
}

/** What an expression is beside what types say of it: `x` of `x as const` and `x!`. */
export function meantBy(node: Node): Node {
  const { expression } = node
  return isCast(node) && isNode(expression) ? meantBy(expression) : node
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

const isCast = ({ type }: Node): boolean =>
  /^TS(?:As|Satisfies|NonNull|Instantiation)Expression$|^TSTypeAssertion$/.test(type)

/** What is gone when the program runs. */
const isOfTypes = (node: Node): boolean =>
  node.type.startsWith('TS') &&
  !isCast(node) &&
  !/^TS(?:Enum\w*|Module\w*|ExportAssignment|ParameterProperty)$/.test(node.type)
