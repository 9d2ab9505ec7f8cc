import { writeSync } from 'node:fs'
import { setImmediate as pause } from 'node:timers/promises'
import { SampleStore } from '../../src/metrics/storage/sample-store.ts'
import { beginMs, labelsAt, optionsOf, stepMs, valueAt } from './made.ts'

/** Opens the store, says how long that took, takes a tick of all series after the other, and says each that was taken. */
const [folder = '', ...words] = process.argv.slice(2)
const [series = 0, headSamples = 0, fromTick = 0, toTick = 0] = words.map(Number)
const settleEvery = 40

const begunAt = performance.now()
const store = new SampleStore(optionsOf(folder, headSamples))
writeSync(1, `ready ${performance.now() - begunAt} ${process.memoryUsage().rss}\n`)

const nth = Array.from({ length: series }, (_, at) => at)
const numbers = nth.map((at) => store.numberOf(labelsAt(at)))
for (let tick = fromTick; tick < toTick; tick += 1) {
  const times = nth.map(() => beginMs + tick * stepMs)
  const { taken } = store.take({
    series: numbers,
    times,
    values: nth.map((at) => valueAt(at, tick)),
    stale: [],
  })
  if (taken !== series) throw new Error(`${taken} of ${series} were taken at ${tick}`)
  writeSync(1, `${tick}\n`)
  if (tick % settleEvery === 0) void store.settle()
  await pause()
}
writeSync(1, `full ${process.memoryUsage().rss}\n`)
// Killed here at the latest.
setInterval(() => {}, 1000)
