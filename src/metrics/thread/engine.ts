import { answer } from '../asking/ask.ts'
import { failure } from '../asking/envelope.ts'
import { AskFailure } from '../asking/failure.ts'
import { finderOf } from '../asking/find.ts'
import { type Asking, usual } from '../promql/engine.ts'
import type { SampleStore } from '../storage/sample-store.ts'
import { Line } from './line.ts'
import type { Protocols, Reader } from './protocols.ts'
import { openScraping } from '../scrape/scraping.ts'
import { isOfDisk, receive, writeOwn } from './receive.ts'
import type { Calls, EngineOptions } from './wire.ts'

export type EngineWorld = Readonly<{
  store: SampleStore
  protocols: Protocols
  options: Pick<EngineOptions, 'maxSamples' | 'timeoutMs' | 'version'>
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
  }>

/** How many questions may wait for others. */
const lineLimit = 200

/**
 * Everything of metrics, as it lies inside the thread. What comes in is taken at once; what is asked and all that takes long
 * stands in one line, as there is one processor for it.
 */
export function makeEngine({ store, protocols, options, now, meanwhile, broke }: EngineWorld): Engine {
  const line = new Line()
  const readers = new Map<string, Reader>()
  for (const [name, make] of Object.entries(protocols)) readers.set(name, make(store))
  const find = finderOf(store)
  const { version } = options
  const scraping = openScraping({ intake: store, version, now, broke, isOfDisk })
  const asking: Asking = { ...usual, source: store }
  return {
    take: (parcel) => {
      const reader = readers.get(parcel.protocol)
      if (reader === undefined)
        return { type: 'malformed', what: `nobody reads '${parcel.protocol}' here`, isTooLong: false }
      return receive(() => reader(parcel))
    },
    write: (samples) => receive(() => writeOwn(store, samples)),
    ask: ({ asked, gone }) => {
      const isAborted = (): boolean => {
        meanwhile()
        return Atomics.load(gone, 0) !== 0
      }
      const limits = { maxSamples: options.maxSamples, timeoutMs: options.timeoutMs, isAborted }
      if (line.length >= lineLimit) return Promise.resolve(tooMany())
      return line.add(() =>
        answer(asked, {
          asking: { ...asking, limits },
          find,
          descriptions: store.descriptions,
          nowMs: now(),
        }),
      )
    },
    scrape: scraping.do,
    targets: scraping.states,
    settle: () => line.add(() => store.settle()),
    close: () => {
      scraping.close()
      return line.add(() => {
        store.close()
        return null
      })
    },
  }
}

const tooMany = () => failure(new AskFailure('unavailable', `${lineLimit} questions wait already`))
