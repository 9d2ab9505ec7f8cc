import { flushCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { join } from 'node:path'
import type { Trouble } from '../../change/trouble.ts'
import { TroubleError } from '../../change/trouble.ts'
import { lockFolder } from '../../store/lock.ts'
import { SampleStore } from '../storage/sample-store.ts'
import { type Engine, makeEngine } from './engine.ts'
import { protocols } from './protocols.ts'
import { isOfDisk } from './receive.ts'
import type { Beginning, Call, Reply, Said } from './wire.ts'

const syncMs = 1_000
const settleMs = 60_000
const ownMs = 15_000
/** So much more than what was in use is used before it is looked what of it is needed: usual is up to four times as much. */
const growingPercent = 25
/** How long a query runs before others are heard, and for how long they are. */
const turnMs = 10
const heardMs = 10

if (parentPort !== null) begin(parentPort, workerData as Beginning)

/** The beginning of the thread. Whoever cannot have the folder for themselves says so, and ends. */
function begin(port: MessagePort, { options, marks }: Beginning): void {
  const lock = lockFolder(options.folder)
  if (lock === null) return say(port, { unable: lockedTrouble(options.folder) })
  const store = new SampleStore({ ...options, now: Date.now })
  const broke = (thrown: unknown): void => say(port, { broke: thrown })
  const meanwhile = (): void => hearOthers()
  const farFolder = join(options.folder, 'far')
  const engine = makeEngine({ store, farFolder, protocols, options, marks, now: Date.now, meanwhile, broke })
  const sync = (): void => void engine.sync().catch(broke)
  const settle = settler(store, engine, (said) => say(port, said))
  const serve = (call: Call): void => {
    if (call.name !== 'close') return replyTo(engine, call, (reply) => say(port, reply))
    for (const timer of timers) clearInterval(timer)
    replyTo(engine, call, (reply) => {
      lock.release()
      say(port, reply)
      port.close()
    })
  }
  const hearOthers = turns(() => drain(port, serve), sync)
  const timers = [
    setInterval(sync, syncMs),
    setInterval(() => void settle(), settleMs),
    setInterval(engine.tellOwn, ownMs),
  ]
  port.on('message', serve)
  // Whoever is killed has written nothing at the end.
  flushCompileCache()
  // Not before: what is compiled under other flags is not taken from those who compiled it.
  setFlagsFromString(`--heap-growing-percent=${growingPercent}`)
}

/** Settles, and tells people of what cannot be read or written, once. */
function settler(store: SampleStore, engine: Engine, tell: (said: Said) => void): () => Promise<void> {
  for (const { path, bytes } of store.lost)
    tell({ told: `metrics: ${bytes} bytes behind a torn place of ${path} are lost` })
  const { tornDeletions } = store
  if (tornDeletions !== null)
    tell({
      told: `metrics: some of what was deleted may be seen again, as its list could not be read; it is now ${tornDeletions}`,
    })
  let [told, isFull] = [0, false]
  return async () => {
    try {
      await engine.settle()
      isFull = false
    } catch (thrown) {
      if (!isOfDisk(thrown)) tell({ broke: thrown })
      else if (!isFull) tell({ told: `metrics: ${thrown.message}` })
      isFull = isOfDisk(thrown)
    }
    for (const path of store.broken.slice(told))
      tell({ told: `metrics: a block could not be read; it is now ${path}` })
    told = store.broken.length
  }
}

/** While a query runs no timer rings, so that it is looked here whose turn it is. */
function turns(hear: () => void, sync: () => void): () => void {
  let [heardAt, syncedAt] = [0, 0]
  return () => {
    const now = performance.now()
    if (now - heardAt < turnMs) return
    hear()
    heardAt = performance.now()
    if (now - syncedAt < syncMs) return
    sync()
    syncedAt = now
  }
}

function drain(port: MessagePort, serve: (call: Call) => void): void {
  const until = performance.now() + heardMs
  while (performance.now() < until) {
    const next = receiveMessageOnPort(port)
    if (next === undefined) return
    serve(next.message as Call)
  }
}

/** Replies at once to what is done at once: while a query runs, nothing that was put off would come to its turn. */
function replyTo(engine: Engine, call: Call, reply: (reply: Reply) => void): void {
  const { id } = call
  const refuse = (thrown: unknown): void =>
    reply(thrown instanceof TroubleError ? { id, trouble: thrown.trouble } : { id, bug: thrown })
  try {
    const back = called(engine, call)
    if (back instanceof Promise) back.then((value) => reply({ id, back: value }), refuse)
    else reply({ id, back })
  } catch (thrown) {
    refuse(thrown)
  }
}

function called(engine: Engine, call: Call) {
  switch (call.name) {
    case 'take':
      return engine.take(call.given)
    case 'write':
      return engine.write(call.given)
    case 'ask':
      return engine.ask(call.given)
    case 'scrape':
      return engine.scrape(call.given)
    case 'targets':
      return engine.targets()
    case 'heed':
      return engine.heed(call.given)
    case 'keep':
      return engine.keep(call.given)
    case 'status':
      return engine.status(call.given)
    case 'snapshot':
      return engine.snapshot(call.given)
    case 'top':
      return engine.top(call.given)
    case 'delete':
      return engine.delete(call.given)
    case 'clean':
      return engine.clean(call.given)
    case 'close':
      return engine.close()
  }
}

/** Bytes of an answer are handed over, not copied. */
function say(port: MessagePort, said: Said): void {
  const body = 'back' in said && said.back !== null && 'body' in said.back ? said.back.body : null
  port.postMessage(said, body?.buffer instanceof ArrayBuffer ? [body.buffer] : [])
}

function lockedTrouble(folder: string): Trouble {
  return {
    what: 'another process keeps the samples of this hub',
    where: folder,
    now: 'one hub at a time may: end the other one, or ask that one',
  }
}
