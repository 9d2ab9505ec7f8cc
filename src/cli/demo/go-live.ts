import { setTimeout as sleep } from 'node:timers/promises'
import { TroubleError } from '../../change/trouble.ts'
import type { Args } from '../args.ts'
import { follow } from '../follow/follow.ts'
import { thisMachine } from '../init/machine.ts'
import { paintFor } from '../../words/paint.ts'
import type { World } from '../world.ts'
import { moveShop, portOf } from './copy-shop.ts'
import type { Place } from './place.ts'
import { runHere } from './run-here.ts'
import type { ServedHub } from './serve-hub.ts'
import { processesOf } from './stop-all.ts'
import { since, startTraffic, type Traffic, visit } from './traffic.ts'
import { visitsText } from './words.ts'

const startLimitMs = 20_000
const lookEveryMs = 50

/** What the steps of the demo share. */
export type Shop = Readonly<{
  place: Place
  served: ServedHub
  args: Args
  world: World
  /** Whether somebody wants to leave. */
  isLeaving: () => boolean
}>

/**
 * Starts what was live when it was stopped. When its port has been taken meanwhile, the shop gets another one and has
 * to be deployed there: that is said by `true`.
 */
export async function startAgain(place: Place, world: World): Promise<boolean> {
  const port = await portOf(place.shop)
  const isRunning = (await processesOf(place.hostRoot)).length > 0
  if (!isRunning && !(await thisMachine.isPortFree(port))) {
    const free = await moveShop(place, port)
    world.out(`port ${port} is taken by another program: the shop moves to port ${free}`)
    return true
  }
  const lines = await runHere(place, 'start-again', {})
  if (lines.length > 0)
    world.out(`started again: ${lines.map((line) => line.replace('started ', '')).join(', ')}`)
  return false
}

/** Brings the shop up, for the first time or again, with visitors; `null` when it did not come up. */
export async function goLive(shop: Shop, hasMoved: boolean): Promise<Traffic | null> {
  const { place, served, world } = shop
  const port = await portOf(place.shop)
  const { apps } = await served.client.call('GET /api/status')
  const app = apps.find(({ target }) => target === 'shop@production')
  if (app === undefined || app.release === null) return firstTime(shop, port)
  if (hasMoved) return visitedDeploy(shop, port, { ref: 'HEAD', why: 'Its port was taken' })
  const traffic = await openedWithin(port, () => shop.isLeaving())
  if (traffic !== null) {
    world.out(`${app.commit?.slice(0, 7) ?? 'a release'} is live, as before: http://localhost:${port}`)
    return traffic
  }
  if (shop.isLeaving()) return null
  throw new TroubleError({
    what: `the shop does not answer on port ${port}`,
    where: `${place.hostRoot}/apps/shop.production/slots`,
    now: `read the files *.log there; delete ${place.shop} to begin anew`,
  })
}

/** The release of last week first, so that there is something to change, and to go back to. */
async function firstTime(shop: Shop, port: number): Promise<Traffic | null> {
  const { world } = shop
  const paint = paintFor(world.screen())
  world.out('')
  world.out(paint.bold('first, the shop as it was last week:'))
  const traffic = await visitedDeploy(shop, port, { ref: 'HEAD~1', why: 'The first time' })
  if (traffic === null) return null
  world.out(`the shop is at ${paint.bold(`http://localhost:${port}`)}; about ten people a second look at it`)
  world.out('')
  world.out(paint.bold('now the next release, while they look:'))
  const before = traffic.visits()
  await deploy(shop, { ref: 'HEAD', why: 'Saddle bags and locks are here' })
  world.out(visitsText(since(traffic.visits(), before)))
  return traffic
}

type Wanted = Readonly<{ ref: string; why: string }>

/** Deploys, and lets visitors in as soon as the shop answers; `null` when it did not become live. */
async function visitedDeploy(shop: Shop, port: number, wanted: Wanted): Promise<Traffic | null> {
  let hasEnded = false
  const opened = openedWithin(port, () => hasEnded)
  const exit = await deploy(shop, wanted)
  hasEnded = true
  const traffic = (await opened) ?? (exit === 0 ? startTraffic(port) : null)
  if (exit === 0 && !shop.isLeaving()) return traffic
  await traffic?.stop()
  return null
}

function deploy({ served, args, world }: Shop, { ref, why }: Wanted): Promise<number> {
  const body = { kind: 'deploy', wish: { app: 'shop', ref }, why }
  const order = async () => (await served.client.call('POST /api/changes', { body })).id
  return follow({ client: served.client, drives: true, close: async () => {} }, order, args, world)
}

async function openedWithin(port: number, mayGiveUp: () => boolean): Promise<Traffic | null> {
  const deadlineMs = performance.now() + startLimitMs
  while (performance.now() < deadlineMs && !mayGiveUp()) {
    if ((await visit(port).catch(() => 0)) === 200) return startTraffic(port)
    await sleep(lookEveryMs)
  }
  return null
}
