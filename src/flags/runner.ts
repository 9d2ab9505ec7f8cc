import type { Stage, Step } from '../change/plan.ts'
import { TroubleError } from '../change/trouble.ts'
import type { Runner, Watched, Work } from '../pipeline/kind.ts'
import type { Book } from './book.ts'
import type { Environment } from './environment.ts'
import type { FlagWorld } from './flag-world.ts'
import { definitionAt, isSame } from './fold.ts'
import { refuseMistakes } from './plan/plan-write.ts'
import { type Deed, deedOf } from './step.ts'
import { byWhom } from './target.ts'

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
    watch: (stage, signal) => watch({ world, book, work }, stage, signal),
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

type Watching = Readonly<{ world: FlagWorld; book: Book; work: Work }>

/** Timers go up to 24 days. */
const longestSleepMs = 3_600_000

/** Waits as long as the stage says, counted from when it began, and gives way at once to whoever alters the flag. */
async function watch({ world, book, work }: Watching, stage: Stage, signal: AbortSignal): Promise<Watched> {
  await book.catchUp()
  const deeds = stage.steps.map((step: Step) => deedOf(step))
  const fromMs = await beganAt(world, work.change, stage)
  const endMs = fromMs + (stage.watch?.forMs ?? 0)
  for (let leftMs = endMs - world.now(); leftMs > 0 && !signal.aborted; leftMs = endMs - world.now()) {
    for (const deed of deeds) refuseUnlessDone(book.environment(deed.environment), deed)
    await calm(world, { book, deeds, ms: Math.min(leftMs, longestSleepMs) }, signal)
  }
  for (const deed of deeds) refuseUnlessDone(book.environment(deed.environment), deed)
  const [first] = deeds
  if (first?.action !== 'set') return { verdict: 'no data', evidence: [] }
  const flag = first.moves[0]?.key ?? ''
  return world.watched({ environment: first.environment, flag, fromMs })
}

async function beganAt({ store, now }: FlagWorld, change: string, stage: Stage): Promise<number> {
  const entries = await store.ledger.of(change)
  const began = entries.find((entry) => entry.type === 'stage-started' && entry.stage === stage.name)
  return began?.at ?? now()
}

type Calm = Readonly<{ book: Book; deeds: readonly Deed[]; ms: number }>

/** Resolves after so long, or as soon as something alters there. */
async function calm(world: FlagWorld, { book, deeds, ms }: Calm, signal: AbortSignal): Promise<void> {
  const altered = new AbortController()
  const leave = deeds.map(({ environment }) =>
    book.environment(environment).seen.subscribe(() => altered.abort()),
  )
  try {
    await world.sleep(ms, AbortSignal.any([signal, altered.signal]))
  } finally {
    for (const one of leave) one()
  }
}
