import { TroubleError } from '../change/trouble.ts'
import type { Runner, Work } from '../pipeline/kind.ts'
import type { Book } from './book.ts'
import type { Environment } from './environment.ts'
import type { FlagWorld } from './flag-world.ts'
import { definitionAt, isSame } from './fold.ts'
import { refuseMistakes } from './plan/plan-write.ts'
import { type Deed, deedOf } from './step.ts'
import { byWhom } from './target.ts'
import { watchStage } from './watch/watch-stage.ts'

/** Carries a flip out. That a step has begun is on disk by now, and with that it is in force: what is left is to serve it. */
export function runFlip(world: FlagWorld, book: Book, work: Work): Runner {
  return {
    do: async (step) => {
      await book.catchUp()
      const deed = deedOf(step)
      const environment = book.environment(deed.environment)
      refuseUnlessDone(environment, deed)
      if (deed.action === 'set') refuseMistakes(environment, deed.moves)
      return { rev: environment.seen.rev() }
    },
    undo: () => book.catchUp(),
    watch: async (stage, signal, isOverruled) => {
      await book.catchUp()
      const deeds = stage.steps.map(deedOf)
      const refuseAltered = (): void => {
        for (const deed of deeds) refuseUnlessDone(book.environment(deed.environment), deed)
      }
      return watchStage({ world, book, work, stage, refuseAltered, isOverruled }, signal)
    },
    close: async () => {},
  }
}

/** What others did in the meantime stands, and this change gives way. */
function refuseUnlessDone(environment: Environment, deed: Deed): void {
  const { name } = environment
  if (deed.action === 'switch') {
    if (environment.flag(deed.flag) !== undefined) return
    throw new TroubleError({ what: `${deed.flag} in ${name} is gone meanwhile`, now: 'see `tandem log`' })
  }
  for (const move of deed.moves) {
    if (isSame(definitionAt(environment, move), move.after)) continue
    const { what, key } = move
    const seen = what === 'flag' ? environment.seen.flag(key) : environment.seen.segment(key)
    throw new TroubleError({
      what: `${key} in ${name} ${seen === null ? 'is gone meanwhile' : `was altered meanwhile, ${byWhom(seen)}`}`,
      now: 'see what it is now, and order again what is still wanted',
    })
  }
}
