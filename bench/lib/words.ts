import { parseArgs } from 'node:util'
import { seeded, type Random } from '../../lab/random.ts'

/** The numbers of a bench's command line, by name: `--trials 8`. Throws on a name there is not. */
export function numbersFrom<Name extends string>(
  words: readonly string[],
  usual: Readonly<Record<Name, number>>,
): Readonly<Record<Name, number>> {
  const names = Object.keys(usual) as Name[]
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]))
  const { values } = parseArgs({ args: [...words], options })
  return Object.fromEntries(
    names.map((name) => {
      const word = values[name]
      const number = typeof word === 'string' ? Number(word) : usual[name]
      if (!Number.isInteger(number) || number < 0)
        throw new Error(`--${name} is a whole number, not ${String(word)}`)
      return [name, number]
    }),
  ) as Record<Name, number>
}

/**
 * The random source of a bench, said aloud so that it can be played again with --seed or TANDEM_SEED; 0 takes that
 * variable, or draws a new one.
 */
export function sourceOf(seed: number): Random {
  const given = seed === 0 ? Number(process.env['TANDEM_SEED'] ?? 0) : seed
  if (!Number.isInteger(given) || given < 0) throw new Error('TANDEM_SEED must be a whole number')
  const chosen = given === 0 ? 1 + Math.floor(Math.random() * (2 ** 32 - 1)) : given
  console.log(`seed ${chosen}; play it again with --seed ${chosen} or TANDEM_SEED=${chosen}`)
  return seeded(chosen)
}
