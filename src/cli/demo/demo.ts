import type { Entry } from '../../change/entry.ts'
import { isOver } from '../../change/status.ts'
import { TroubleError, troubleOf } from '../../change/trouble.ts'
import type { Args } from '../args.ts'
import { type Command, choice } from '../command.ts'
import { copyShop } from './copy-shop.ts'
import { goLive, type Shop, startAgain } from './go-live.ts'
import { demoPlace, type Place, shopFolder } from './place.ts'
import { serveHub, type ServedHub } from './serve-hub.ts'
import { stopAll } from './stop-all.ts'
import { since, type Traffic, type Visits } from './traffic.ts'
import { nextText, visitsText } from './words.ts'
import { runningHub } from '../hub/reach/hub-file.ts'
import { tellHappening } from '../text/happening.ts'
import { paintFor, tame } from '../../words/paint.ts'
import type { World } from '../world.ts'

const stopLimitMs = 60_000
/** After this long the shop's processes are killed. */
const politeMs = 8_000

export const command: Command = {
  usage: ['demo'],
  about:
    'Deploys the example shop on this machine, with a hub and a dashboard to watch it. `npm start` is this.',
  options: { verbose: choice('also what the steps print', 'v') },
  most: 0,
  run: async (args, world) => {
    const place = demoPlace()
    const running = await runningHub(place.stateDir)
    if (running !== null) {
      throw new TroubleError({
        what: `the demo runs already: ${running}`,
        now: 'use it, or end it first with Ctrl-C in its terminal',
      })
    }
    const leaving = awaitLeave(world)
    try {
      const hasMoved = await setUp(place, world)
      return await demonstrate(place, { args, world, leaving, hasMoved })
    } finally {
      await stopAll(place.hostRoot, politeMs)
      leaving.giveBack()
      world.out('the hub and the shop are stopped; `npm start` goes on from here')
    }
  },
}

type Leaving = Readonly<{ asked: Promise<void>; isAsked: () => boolean; giveBack: () => void }>

/** Ctrl-C, a polite kill and a terminal that closes all mean the same here. */
function awaitLeave(world: World): Leaving {
  const asked = Promise.withResolvers<void>()
  let isAsked = false
  const leave = (): void => {
    isAsked = true
    asked.resolve()
  }
  const giveBack = [world.onInterrupt(leave), world.onHangup(leave)]
  return {
    asked: asked.promise,
    isAsked: () => isAsked,
    giveBack: () => {
      for (const give of giveBack) give()
    },
  }
}

async function setUp(place: Place, world: World): Promise<boolean> {
  const isNew = await copyShop(place)
  const how = isNew ? 'a git repository with three commits' : 'as you left it'
  world.out(`the example shop is in ${shopFolder(place)}, ${how}`)
  return startAgain(place, world)
}

type Stage = Readonly<{ args: Args; world: World; leaving: Leaving; hasMoved: boolean }>

async function demonstrate(place: Place, { args, world, leaving, hasMoved }: Stage): Promise<number> {
  const paint = paintFor(world.screen())
  const served = await serveHub(place, world)
  world.out(`the hub is at ${paint.bold(served.url)}`)
  world.out(`watch it in a browser: ${paint.link(served.link)}`)
  let traffic: Traffic | null = null
  try {
    if (leaving.isAsked()) return 0
    const shop: Shop = { place, served, args, world, isLeaving: leaving.isAsked }
    traffic = await goLive(shop, hasMoved)
    if (leaving.isAsked()) return 0
    if (traffic === null) return 1
    await stay(shop, traffic, leaving.asked)
    return 0
  } finally {
    await traffic?.stop()
    await undoOpen(served, world)
    await served.close()
  }
}

/** Says what to try, then what becomes of it, until somebody wants to leave. */
async function stay({ place, served, world }: Shop, traffic: Traffic, asked: Promise<void>): Promise<void> {
  const paint = paintFor(world.screen())
  for (const line of ['', ...nextText(place, paint), '']) world.out(line)
  const begun = new Map<string, Visits>()
  const entry = (one: Entry): void => {
    if (one.type === 'ordered') begun.set(one.change, traffic.visits())
    if (!told.has(one.type)) return
    const { text, tone } = tellHappening(one)
    world.out(`${one.change}  ${paint[tone](tame(text))}`)
    const before = begun.get(one.change)
    if (one.type === 'ordered' || before === undefined) return
    begun.delete(one.change)
    world.out(`${one.change}  ${visitsText(since(traffic.visits(), before))}`)
  }
  const forget = served.hub.side.subscribe({ entry, aside: () => {}, log: () => {} })
  await asked
  forget()
}

const told: ReadonlySet<Entry['type']> = new Set([
  'ordered',
  'refused',
  'withdrawn',
  'finished',
  'undone',
  'stuck',
])

/** What is under way when the hub goes is undone first; what cannot be in time is taken up by the next hub. */
async function undoOpen({ client, hub }: ServedHub, world: World): Promise<void> {
  const { changes } = await client.call('GET /api/changes', { query: { limit: 20 } })
  for (const { id } of changes.filter(({ status }) => !isOver(status))) {
    world.out(`${id} is under way: asking it to stop and undo`)
    await client
      .call('POST /api/changes/:id/stop', { params: { id } })
      .catch((thrown: unknown) => world.out(`${id} cannot be stopped: ${troubleOf(thrown).what}`))
  }
  const late = new Promise<void>((resolve) => setTimeout(resolve, stopLimitMs).unref())
  await Promise.race([hub.idle(), late])
}
