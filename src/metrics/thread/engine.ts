import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import { FarOutlet } from '../far/far-outlet.ts'
import type { Known } from '../asking/ask.ts'
import type { Limits } from '../promql/evaluate/budget.ts'
import { asker } from './asker.ts'
import { ownWork } from './own-work.ts'
import { usual } from '../promql/engine.ts'
import type { Selected, Selection } from '../source.ts'
import type { SampleStore } from '../storage/sample-store.ts'
import { Line } from './line.ts'
import type { Protocols, Reader } from './protocols.ts'
import { openScraping } from '../scrape/scraping.ts'
import { isOfDisk, receive, writeOwn } from './receive.ts'
import type { Calls, EngineOptions } from './wire.ts'

export type EngineWorld = Readonly<{
  store: SampleStore
  /** Where that is queued which goes to a far side. */
  farFolder: string
  protocols: Protocols
  options: Pick<EngineOptions, 'maxSamples' | 'timeoutMs' | 'version'>
  /** Where those are marked who no longer wait. */
  marks: Int32Array
  now: () => number
  /** Called again and again while a query runs: others are heard here. It must not take long. */
  meanwhile: () => void
  /** Called for what is a bug of ours, where nobody waits for an answer. */
  broke: (thrown: unknown) => void
}>

export type Engine = Calls &
  Readonly<{
    /** What is to be done now and then: old samples become blocks. */
    settle: () => Promise<void>
    /** Resolves when all that was taken is on the disk. */
    sync: () => Promise<void>
    /** Takes in what the engine knows of itself. */
    tellOwn: () => void
  }>

/**
 * Everything of metrics, as it lies inside the thread. What comes in is taken at once; what is asked and all that takes long
 * stands in one line, as there is one processor for it.
 */
export function makeEngine(world: EngineWorld): Engine {
  const { store, protocols, options, marks, now, broke } = world
  const line = new Line()
  const { meanwhile, isAmid } = amid(world.meanwhile)
  const readers = new Map<string, Reader>()
  const outlet = new FarOutlet(store, world.farFolder)
  const { intake } = outlet
  for (const [name, make] of Object.entries(protocols)) readers.set(name, make(intake))
  const { version } = options
  const scraping = openScraping({ intake, version, now, broke, isOfDisk })
  let settling: Promise<void> = Promise.resolve()
  const known = knownTo(world)
  const isUnhurried = (): boolean => {
    meanwhile()
    return false
  }
  const own = ownWork({ outlet, line, asking: known(isUnhurried).asking, now })
  return {
    take: (parcel) => {
      const reader = readers.get(parcel.protocol)
      if (reader === undefined)
        return { type: 'malformed', what: `nobody reads '${parcel.protocol}' here`, isTooLong: false }
      return receive(() => reader(parcel))
    },
    write: (samples) => receive(() => writeOwn(intake, samples)),
    ask: asker({ line, marks, meanwhile, isAmid, known }),
    scrape: scraping.do,
    targets: scraping.states,
    snapshot: (folder) => snapshotOf(store, folder),
    delete: (wish) => onDisk(async () => ({ series: await store.delete(wish) }), 'nothing was deleted'),
    clean: () => onDisk(() => store.clean(), 'what was deleted is still on the disk'),
    top: (most) => store.top(most),
    heed: own.heed,
    keep: (keep) => {
      store.heed(keep)
      return null
    },
    status: own.status,
    settle: () => (settling = store.settle()),
    sync: async () => {
      await Promise.all([store.sync(), outlet.sync()])
    },
    tellOwn: own.tell,
    close: async () => {
      scraping.close()
      await own.close()
      await settling.catch(() => undefined)
      await store.idle()
      return line.add(() => {
        store.close()
        return null
      })
    },
  }
}

/** What questions are answered from, within limits. */
function knownTo({ store, options, now }: EngineWorld): (isAborted: Limits['isAborted']) => Known {
  const { maxSamples, timeoutMs } = options
  const look = (selection: Selection): Selected => store.look(selection)
  return (isAborted) => ({
    asking: { ...usual, source: store, look, limits: { maxSamples, timeoutMs, isAborted } },
    find: (selection) => store.find(selection),
    descriptions: store.descriptions,
    nowMs: now(),
  })
}

/** Hears others in the middle of something, and knows that; who is heard then does not hear others himself. */
function amid(hear: () => void): Readonly<{ meanwhile: () => void; isAmid: () => boolean }> {
  let isHearing = false
  const meanwhile = (): void => {
    if (isHearing) return
    isHearing = true
    try {
      hear()
    } finally {
      isHearing = false
    }
  }
  return { meanwhile, isAmid: () => isHearing }
}

/** What a disk that is full or broken means to whoever asked. */
async function onDisk<T>(work: () => Promise<T>, otherwise: string): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    if (!isOfDisk(thrown)) throw thrown
    throw new TroubleError({
      what: `${otherwise}: ${thrown.message}`,
      now: 'make room on this disk, and ask again',
    })
  }
}

function snapshotOf(store: SampleStore, folder: string): null {
  try {
    mkdirSync(dirname(folder), { recursive: true, mode: 0o700 })
    store.snapshot(folder)
  } catch (thrown) {
    if (!isOfDisk(thrown)) throw thrown
    rmSync(folder, { recursive: true, force: true })
    throw new TroubleError({
      what: `no snapshot was made: ${thrown.message}`,
      where: folder,
      now: 'make room on this disk, and ask again',
    })
  }
  return null
}
