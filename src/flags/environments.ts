import { TroubleError } from '../change/trouble.ts'
import { meant } from '../../sdk/flag/mistake.ts'
import type { Book } from './book.ts'
import type { FlagWorld } from './flag-world.ts'

/** Environments that may have flags: those of `tandem.ts` in its order, then others that have some. */
export async function environmentsKnown(world: FlagWorld, book: Book): Promise<readonly string[]> {
  return [...new Set([...(await world.environments()), ...book.names()])]
}

/** Throws a TroubleError for an environment nobody knows. */
export async function knownEnvironment(world: FlagWorld, book: Book, name: string): Promise<void> {
  const known = await environmentsKnown(world, book)
  if (known.includes(name)) return
  throw new TroubleError({
    what: `there is no environment '${name.slice(0, 80)}'`,
    where: 'tandem.ts',
    now: meant(name, known),
  })
}
