import type { Random } from '../lab/random.ts'
import { compareLabels } from '../src/metrics/labels.ts'
import { MemorySource } from '../src/metrics/memory-source.ts'
import { usual } from '../src/metrics/promql/engine.ts'
import { print } from '../src/metrics/promql/print.ts'
import { Drawing } from '../src/metrics/promql/suite/draw.ts'
import { askPrometheus, askTandem, type Question } from './differential/answers.ts'
import { difference } from './differential/compare.ts'
import { makeSeries, type Span } from './differential/made.ts'
import { startPrometheus } from './differential/prometheus.ts'
import { findRecording, readRecording } from './differential/recorded.ts'
import { remoteWrite } from './differential/remote-write.ts'
import { isPeculiar } from './differential/peculiar.ts'
import { roundingOf, vocabularyOf } from './differential/vocabulary.ts'
import type { Written } from './differential/written.ts'
import { mustHave } from './lib/must-have.ts'
import { table } from './lib/table.ts'
import { numbersFrom, sourceOf } from './lib/words.ts'

const shownLimit = 20

const asked = numbersFrom(process.argv.slice(2), { queries: 3000, seed: 0 })
const random = sourceOf(asked.seed)
await mustHave([{ program: 'prometheus', pack: 'prometheus' }])
const series = gather(random)
const span = spanOf(series)
const peer = await startPrometheus()
try {
  console.log(`beside Prometheus ${peer.version}, with ${series.length} series`)
  await remoteWrite(peer.address, series)
  const source = new MemorySource()
  for (const { labels, samples } of series) source.write(labels, samples)
  const words = vocabularyOf(series, span)
  const drawings = { exact: new Drawing(random, words), rounding: new Drawing(random, roundingOf(words)) }
  let differ = 0
  let points = 0
  let failures = 0
  for (let number = 0; number < asked.queries;) {
    const question = draw(drawings, number)
    if (isPeculiar(question)) continue
    number += 1
    const [mine, theirs] = await Promise.all([
      askTandem(question, { ...usual, source }),
      askPrometheus(question, peer.address),
    ])
    points += mine.points.size
    if (mine.failure !== null) failures += 1
    const fault = difference(mine, theirs)
    if (fault === null) continue
    differ += 1
    if (differ <= shownLimit) console.log(`${JSON.stringify(question)}\n    ${fault}`)
  }
  console.log(
    table([
      ['queries', 'points compared', 'refused by both', 'differ'],
      [asked.queries, points, failures, differ],
    ]),
  )
  console.log(JSON.stringify({ queries: asked.queries, differ, points, failures }))
} finally {
  await peer.close()
}

function gather(chance: Random): readonly Written[] {
  const recording = findRecording(process.cwd())
  const recorded = recording === null ? [] : readRecording(recording)
  if (recording === null)
    console.log('the recording of real scrapes is not here: only made series are asked about')
  const endMs = recorded.length === 0 ? 1_700_000_000_000 : spanOf(recorded).endMs
  const made = makeSeries(chance, { startMs: endMs - 25 * 60_000, endMs })
  // Sums and ties depend on the order of series, so both are given the same.
  return [...recorded, ...made].toSorted((a, b) => compareLabels(a.labels, b.labels))
}

function spanOf(list: readonly Written[]): Span {
  const times = list.flatMap(({ samples }) =>
    [samples.at(0), samples.at(-1)].flatMap((sample) => sample?.atMs ?? []),
  )
  const startMs = times.reduce((least, ms) => Math.min(least, ms), Infinity)
  return { startMs, endMs: times.reduce((most, ms) => Math.max(most, ms), 0) }
}

type Drawings = Readonly<{ exact: Drawing; rounding: Drawing }>

/** One in four is asked at one time; the others as graphs that reach over both ends of the samples. */
function draw({ exact, rounding }: Drawings, number: number): Question {
  const type = number % 16 === 0 ? 'scalar' : number % 16 === 4 ? 'matrix' : 'vector'
  const drawn = number % 8 === 3 ? rounding.ofType('vector', 1) : exact.ofType(type, 1 + (number % 3))
  const startMs = span.startMs + random.between(-300, 1500) * 1000 + random.pick([0, 0, 1, 437])
  const stepMs = number % 4 === 0 ? 0 : random.pick([1000, 5000, 15_000, 17_001, 60_000, 600_000])
  return { query: print(drawn), startMs, endMs: startMs + random.between(0, 40) * stepMs, stepMs }
}
