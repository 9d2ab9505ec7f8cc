import type { FlagSide } from '../api/wire/flags.ts'
import type { Book } from './book.ts'
import { environmentsKnown, knownEnvironment } from './environments.ts'
import type { FlagWorld } from './flag-world.ts'
import { historyOf } from './history.ts'
import { flagKeys } from './keys.ts'
import { acceptFlip } from './kind.ts'
import { schedulesOf } from './schedule.ts'
import { flagTarget } from './target.ts'

/** Answers what people and programs ask of flags. Where nobody turns knobs, nobody has looked. */
export function flagSide(world: FlagWorld, book: Book, looked: FlagSide['looked'] = () => null): FlagSide {
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
    history: (environment, key) => historyOf(world.store, environment, key),
    rolling: async (environment, key) => {
      await book.catchUp()
      return book.rolling(flagTarget(key, environment))?.change ?? null
    },
    looked,
    subscribe: (listener) => book.subscribe(listener),
    schedules: schedulesOf(world, book, (wish) => acceptFlip(world, book, wish)),
    keys: flagKeys(world, (environment) => knownEnvironment(world, book, environment)),
  }
}
