/**
 * The words of `tandem.ts`, as they are in the child process. Like the rest of what runs there they travel as text, so
 * these functions use nothing but their arguments and each other.
 */
import type { SandboxModules } from './answer.ts'
import { tandem } from '../define.ts'
import { recipeWords, secretMark } from './said.ts'

/** What calls of words have made. */
export type Made = {
  /** By what the recipe got for it. */
  readonly all: Map<unknown, MadeResource>
  /** What the recipes of one host got, to be emptied before the next. */
  readonly fresh: unknown[]
}

export type MadeResource = Readonly<{
  /** Counts all calls. */
  order: number
  type: string
  name: unknown
  options: unknown
  /** Where it was called: a `file:` URL, and the place in it. */
  at: Readonly<{ url: string; line: number; column: number }>
}>

/** What `import 'tandem'` finds, and the module behind it, which also gives what was made. */
export function sandboxModules(root: string): SandboxModules {
  const words = recipeWords.map((word) => `export const ${word} = ${wordOf.name}('${word}', made, root)`)
  return {
    tandem: `export { tandem, secret, ${recipeWords.join(', ')} } from 'tandem:words'`,
    words: [
      `const root = ${JSON.stringify(root)}`,
      `const ${secretMark.name} = ${String(secretMark)}`,
      String(wordOf),
      String(callIn),
      `export ${String(tandem)}`,
      `export ${String(secret)}`,
      'export const made = { all: new Map(), fresh: [] }',
      ...words,
    ].join('\n'),
  }
}

function wordOf(type: string, made: Made, root: string): (name: unknown, options: unknown) => object {
  const word = (name: unknown, options: unknown) => {
    const here = { stack: '' }
    Error.captureStackTrace(here, word)
    const resource = Object.freeze({ type, name })
    made.all.set(resource, { order: made.all.size, type, name, options, at: callIn(here.stack, root) })
    made.fresh.push(resource)
    return resource
  }
  return word
}

/** The first frame inside the project: recipes may call words through functions of packages. */
function callIn(stack: string, root: string): MadeResource['at'] {
  const frame = stack.split('\n').find((line) => line.includes(root) && !line.includes('/node_modules/'))
  const [, url, line, column] = /(file:.*?)(?:\?typed)?:(\d+):(\d+)\)?$/.exec(frame ?? '') ?? []
  return { url: url ?? `${root}tandem.ts`, line: Number(line ?? 1), column: Number(column ?? 1) }
}

function secret(name: unknown): string {
  if (typeof name === 'string' && /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) return secretMark(name)
  throw new Error(`'${String(name)}' cannot be the name of a secret`)
}
