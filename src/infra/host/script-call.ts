import { shAssign, shLine } from '../../remote/quote.ts'
import type { Script } from '../things/thing.ts'

export type Reveal = (text: string) => string

/** The lines of a function that runs a script of a recipe. Secrets are only in the environment, set by builtins. */
export function scriptFunction(
  name: string,
  { run, user, cwd, env, limitMs }: Script,
  reveal: Reveal,
): string {
  const argv = typeof run === 'string' ? ['sh', '-euc', run] : run
  const exports = Object.entries(env).map(([key, value]) => `  export ${shAssign({ [key]: reveal(value) })}`)
  const call = shLine(['in_place', user ?? '', cwd ?? '/', String(Math.ceil(limitMs / 1000)), ...argv])
  return `${name}() {\n${exports.join('')}  ${call}\n}\n`
}

/** The values of all secrets that stand in the environment of scripts. */
export function secretsIn(scripts: readonly Script[], reveal: Reveal): readonly string[] {
  const marks = scripts.flatMap(({ env }) =>
    Object.values(env).flatMap((value) => value.match(/\u{E000}secret:[^\u{E000}]*\u{E000}/gu) ?? []),
  )
  return [...new Set(marks)].map(reveal).filter((value) => value !== '')
}
