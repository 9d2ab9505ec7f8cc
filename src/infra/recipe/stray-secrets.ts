import type { Debt, Script, Thing } from '../things/thing.ts'
import type { Wrong } from './refuse.ts'
import type { Lowered } from './resource.ts'
import { secretsIn, unheard } from './reveal.ts'

/**
 * Secrets that stand where others could read them: anywhere in a thing but in its bytes, where their values are by now,
 * and in the variables of a script. There, those that nobody has are found too.
 */
export function straySecrets(
  lowered: readonly Lowered[],
  secrets: ReadonlyMap<string, string>,
): readonly Wrong[] {
  return lowered.flatMap(({ resource: { id, at }, things }) => {
    const strays = new Set(things.flatMap((thing) => textsOf(thing)).flatMap(secretsIn))
    const unknown = things
      .flatMap(scriptsOf)
      .flatMap(({ env }) => Object.values(env).flatMap(secretsIn))
      .filter((name) => !secrets.has(name))
    return [
      ...[...strays].map((name) => ({
        what: `the secret ${name} of ${id} would be seen by others`,
        now: 'a secret may stand only in the bytes of a file or in env',
        at,
      })),
      ...[...new Set(unknown)].map((name) => ({ ...unheard(name, secrets).trouble, at })),
    ]
  })
}

function scriptsOf(thing: Thing): readonly Script[] {
  const owed = thing.owes.flatMap((debt: Debt) => (debt.type === 'command' ? [debt.script] : []))
  if (thing.type !== 'command') return owed
  return [thing.check, thing.run, thing.undo, ...owed].filter((script) => script !== null)
}

/** All texts in a thing, but for the variables of scripts. Bytes that still have a mark were never revealed. */
function textsOf(found: unknown): readonly string[] {
  if (typeof found === 'string') return [found]
  if (found instanceof Uint8Array)
    return Buffer.from(found).includes('\u{E000}') ? [Buffer.from(found).toString()] : []
  if (typeof found !== 'object' || found === null) return []
  const isScript = 'env' in found && 'limitMs' in found
  return Object.entries(found).flatMap(([key, value]) => {
    if (isScript && key === 'env') return Object.keys(value)
    return [key, ...textsOf(value)]
  })
}
