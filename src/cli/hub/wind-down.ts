import type { HubSide } from '../../api/hub-side.ts'
import { troubleOf } from '../../change/trouble.ts'
import type { Hub } from '../../hub.ts'
import { localPerson } from './reach/local-token.ts'
import { took } from '../../words/time.ts'
import type { World } from '../world.ts'

/** What a hub that was asked to end still needs of itself. */
export type Ending = Pick<Hub, 'retire' | 'driving' | 'idle'> & Readonly<{ side: Pick<HubSide, 'stop'> }>

const toldEveryMs = 30_000
/** npm passes a Ctrl-C on that we have also had from the terminal: two signals at once are one. */
const sameSignalMs = 300
/** Of a program that was let go of before its work was over, as shells have it for one that was interrupted. */
const interruptedExit = 130

/**
 * Brings the changes of a hub that was asked to end to their own end. Asked a second time it has them stopped and
 * undone; asked a third time it leaves them to the next hub. Resolves to the exit code.
 */
export async function windDown(hub: Ending, world: World): Promise<number> {
  hub.retire()
  const leave = Promise.withResolvers<'left'>()
  const giveBack = onAskedAgain(world, (times) => {
    if (times === 1) void stopAll(hub, world)
    else leave.resolve('left')
  })
  const wait = (): void => world.err(`waiting for ${workOf(hub, world)}; ask again to stop and undo it`)
  const telling = setInterval(wait, toldEveryMs)
  try {
    if (hub.driving().length > 0) wait()
    const end = await Promise.race([hub.idle(), leave.promise])
    if (end !== 'left') return 0
    world.err(`left ${workOf(hub, world)}: the next hub, or the next command here, takes it up`)
    return interruptedExit
  } finally {
    clearInterval(telling)
    giveBack()
  }
}

/** Calls back for every signal from now on, with how many there have been. */
function onAskedAgain(world: World, asked: (times: number) => void): () => void {
  let times = 0
  let lastAt = world.now()
  const count = (): void => {
    const isSame = Math.abs(world.now() - lastAt) < sameSignalMs
    lastAt = world.now()
    if (isSame) return
    times += 1
    asked(times)
  }
  const giveBack = [world.onInterrupt, world.onHangup].map((on) => on(count))
  return () => {
    for (const give of giveBack) give()
  }
}

async function stopAll(hub: Ending, world: World): Promise<void> {
  world.err(`asking ${workOf(hub, world)} to stop and undo; once more leaves at once`)
  await Promise.all(
    hub.driving().map(async ({ change }) => {
      await hub.side
        .stop(change, localPerson(world), 'cli')
        .catch((thrown: unknown) => world.err(`cannot stop ${change}: ${troubleOf(thrown).what}`))
    }),
  )
}

function workOf(hub: Ending, world: World): string {
  const now = world.now()
  const works = hub.driving().map(({ change, since }) => `${change} (at work for ${took(now - since)})`)
  return works.length === 0 ? 'nothing' : works.join(', ')
}
