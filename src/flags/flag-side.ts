import type { FlagSide } from '../api/wire-flags.ts'
import type { Book } from './book.ts'
import { environmentsKnown, knownEnvironment } from './environments.ts'
import type { FlagWorld } from './flag-world.ts'
import { flagKeys } from './keys.ts'

/** Answers what people and programs ask of flags. */
export function flagSide(world: FlagWorld, book: Book): FlagSide {
  return {
    environments: async () => {
      await book.catchUp()
      return environmentsKnown(world, book)
    },
    of: async (name) => {
      await book.catchUp()
      await knownEnvironment(world, book, name)
      return book.environment(name).seen
    },
    keys: flagKeys(world, (environment) => knownEnvironment(world, book, environment)),
  }
}
