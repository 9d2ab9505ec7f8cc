import { TroubleError } from '../../change/trouble.ts'
import { nearest } from '../../config/mistakes/nearest.ts'
import { secretMark } from '../../config/reading/said.ts'
import type { LoweringWorld } from './resource.ts'

const marks = /\u{E000}secret:([^\u{E000}]*)\u{E000}/gu

/** The names of the secrets whose marks stand in a text. */
export function secretsIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(marks)].map(([, name = '']) => name))]
}

/** Puts the values of secrets where their marks are; a `TroubleError` for one that nobody has. */
export function revealing(secrets: ReadonlyMap<string, string>): LoweringWorld['reveal'] {
  return (text) => {
    const names = secretsIn(text)
    const unknown = names.find((name) => !secrets.has(name))
    if (unknown !== undefined) throw unheard(unknown, secrets)
    return {
      text: names.reduce(
        (all, name) => all.replaceAll(secretMark(name), () => secrets.get(name) ?? ''),
        text,
      ),
      secrets: names,
    }
  }
}

/** There is no secret of this name: what was probably meant, and how to make one. */
export function unheard(name: string, secrets: ReadonlyMap<string, string>): TroubleError {
  const meant = nearest(name, [...secrets.keys()])
  return new TroubleError({
    what: `there is no secret called '${name}'`,
    now: meant === null ? `run \`tandem secret set ${name}\`` : `did you mean '${meant}'?`,
  })
}
