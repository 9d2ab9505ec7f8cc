import type { Client } from '../../api/client/client.ts'
import type { ChangeView } from '../../api/wire/wire.ts'
import type { Entry } from '../../change/entry.ts'
import type { ChangeId } from '../../change/order.ts'
import { exitCodeOf, isOver } from '../../change/status.ts'
import { troubleOf } from '../../change/trouble.ts'
import type { Args } from '../args.ts'
import type { Connection } from '../hub/reach/connect.ts'
import { waitText } from '../text/line.ts'
import type { World } from '../world.ts'
import { jsonView } from './json-view.ts'
import { liveView } from './live-view.ts'
import { plainView } from './plain-view.ts'
import type { View } from './view.ts'

/** Of a command that was let go of before its change was over, as shells have it for one that was interrupted. */
const interruptedExit = 130

/**
 * Orders a change and shows it to its end. The exit code is that of how it ended. Whoever interrupts it is heard from
 * before the order goes out, so that no change is left alone.
 */
export async function follow(
  connection: Connection,
  order: () => Promise<ChangeId>,
  args: Args,
  world: World,
): Promise<number> {
  const view = viewFor(args, world)
  const leave = new AbortController()
  const ordered = Promise.withResolvers<ChangeId>()
  // An order that fails is thrown below; whoever only waits for its id has no use for that.
  ordered.promise.catch(() => {})
  const giveBack = stopOnInterrupt(connection, ordered.promise, { world, view, leave })
  try {
    const id = await order()
    ordered.resolve(id)
    const change = await watch(connection.client, id, { world, view, signal: leave.signal })
    return isOver(change.status) ? exitCodeOf(change.status) : interruptedExit
  } finally {
    ordered.reject(new Error('the order failed'))
    giveBack()
    view.close()
  }
}

function viewFor(args: Args, world: World): View {
  if (args.has('json')) return jsonView(world)
  const isChatty = args.has('verbose')
  return world.screen().isTty && !args.has('plain') ? liveView(world) : plainView(world, isChatty)
}

type Watching = Readonly<{ world: World; view: View; signal: AbortSignal }>

async function watch(client: Client, id: ChangeId, { world, view, signal }: Watching): Promise<ChangeView> {
  const detail = await client.call('GET /api/changes/:id', { params: { id } })
  const entries: Entry[] = [...detail.entries]
  let change = detail.change
  for (const entry of entries) view.entry(entry, change)
  const onConnection = (state: 'lost' | 'back') =>
    view.say(state === 'lost' ? 'connection to the hub lost, trying again' : 'the hub is back')
  const after = entries.at(-1)?.seq ?? 0
  const line = lineWatch(client, id, world, view)
  let heard = 0
  if (!isOver(change.status)) {
    line(change)
    for await (const event of client.events({ after, signal, onConnection })) {
      if (event.type === 'log') {
        if (event.line.change !== id) continue
        view.log(event.line)
        heard = event.line.seq
        continue
      }
      if (event.type !== 'entry') continue
      if (event.entry.change === id) {
        change = event.change
        entries.push(event.entry)
        if (isOver(change.status)) await lastLines(client, id, heard, view)
        view.entry(event.entry, change)
        if (isOver(change.status)) break
      }
      line(change)
    }
  }
  if (isOver(change.status)) view.end(change, entries)
  return change
}

const mostLastLines = 1_000

/** The stream tells of the end before it tells the lines that were printed just then. */
async function lastLines(client: Client, id: ChangeId, after: number, view: View): Promise<void> {
  const page = await client.call('GET /api/changes/:id/log', {
    params: { id },
    query: { after, limit: mostLastLines },
  })
  for (const line of page.lines) view.log(line)
}

/** Looks who holds the target while the change waits: at first and whenever something happened. One look at a time. */
function lineWatch(client: Client, id: ChangeId, world: World, view: View): (change: ChangeView) => void {
  let isLooking = false
  let isWaiting = false
  const look = async (): Promise<void> => {
    const { lines } = await client.call('GET /api/status')
    if (isWaiting) view.waits(waitText(lines, id, world.now()))
  }
  return (change) => {
    isWaiting = change.status === 'waiting'
    if (!isWaiting) view.waits(null)
    if (!isWaiting || isLooking) return
    isLooking = true
    // Who holds it is a courtesy: not to know is no reason to stop following.
    look()
      .catch(() => {})
      .finally(() => {
        isLooking = false
      })
      .catch(() => {})
  }
}

type Leaving = Readonly<{ world: World; view: View; leave: AbortController }>

/** The first Ctrl-C orders the change to stop and be undone; the second leaves it to the hub, if there is one. */
function stopOnInterrupt(
  { client, drives }: Connection,
  ordered: Promise<ChangeId>,
  { world, view, leave }: Leaving,
): () => void {
  const stop = async (): Promise<void> => {
    const id = await ordered
    view.say(`asking ${id} to stop and undo`)
    await client
      .call('POST /api/changes/:id/stop', { params: { id } })
      .catch((thrown: unknown) => view.say(`cannot stop it: ${troubleOf(thrown).what}`))
  }
  let times = 0
  const giveBack = world.onInterrupt(() => {
    times += 1
    if (times === 1) stop().catch(() => {})
    else if (drives)
      view.say('it leaves when the change is over; if it is killed, the next `tandem` here goes on')
    else {
      view.say('left: the hub goes on with it; see `tandem status`')
      leave.abort()
    }
  })
  // A terminal that closes is no order to stop: what this process has begun it brings to its end.
  const keep = drives ? world.onHangup(() => {}) : () => {}
  return () => {
    giveBack()
    keep()
  }
}
