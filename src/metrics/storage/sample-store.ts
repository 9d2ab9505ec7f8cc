import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Columns, Described, Intake, Reason, TakenIn } from '../intake.ts'
import { compareLabels, type Labels, metricName, valueOf } from '../labels.ts'
import type { Run, SampleSource, Selected, Selection } from '../source.ts'
import { BrokenBlock } from './block/read-block.ts'
import { Shelf } from './block/shelf.ts'
import { writeBlock } from './block/write-block.ts'
import { joinRuns } from './head/join-runs.ts'
import { HeadSeries } from './head/series.ts'
import { SeriesTable } from './head/series-table.ts'
import { Descriptions } from './descriptions.ts'
import type { Batch, WalRecord } from './wal/record.ts'
import { type Lost, Wal } from './wal/wal.ts'

export type StoreOptions = Readonly<{
  folder: string
  now: () => number
  /** Newcomers beyond it are refused, by name; who is there stays. */
  seriesLimit: number
  seriesOfNameLimit: number
  /** Blocks whose newest sample is older are removed. */
  keptMs: number
}>

/** What one block spans. */
const blockMs = 2 * 3_600_000
/** A block is written when nothing can be late for it any more: samples may come so late, and at most a block later. */
const lateMs = 3_600_000
/** A clock that is further ahead than this is wrong. */
const aheadMs = 10 * 60_000

/**
 * Samples on one machine: a log that is written before anything counts, the newest in memory, and blocks of two hours that
 * never change. Owned by one process.
 */
export class SampleStore implements SampleSource, Intake {
  readonly #options: StoreOptions
  readonly #table = new SeriesTable()
  readonly #head = new Map<number, HeadSeries>()
  /** How many series of the head have which name. */
  readonly #names = new Map<string, number>()
  readonly #shelf: Shelf
  readonly #wal: Wal
  /** Everything up to here is read from blocks. */
  #cutMs: number
  /** Nothing is taken any more up to here. */
  #closedMs: number
  #newestMs = -Infinity
  #era = 1
  readonly #descriptions: Descriptions
  /** What stood behind a torn place of the log when it was opened. */
  readonly lost: readonly Lost[]

  constructor(options: StoreOptions) {
    this.#options = options
    const blocks = join(options.folder, 'blocks')
    mkdirSync(blocks, { recursive: true, mode: 0o700 })
    this.#descriptions = new Descriptions(join(options.folder, 'descriptions'))
    this.#shelf = new Shelf(blocks, (labels) => this.#table.add(labels))
    this.#cutMs = this.#shelf.blocks.at(-1)?.toMs ?? -Infinity
    this.#closedMs = this.#cutMs
    const { wal, lost } = Wal.open(join(options.folder, 'wal'), (record) => this.#replay(record))
    this.#wal = wal
    this.lost = lost
  }

  numberOf(labels: Labels): number {
    return this.#table.add(labels)
  }

  era(): number {
    return this.#era
  }

  take(columns: Columns): TakenIn {
    const newcomers = noNewcomers()
    const refused: Refused[] = []
    for (const [at, number] of columns.series.entries()) {
      const why = this.#refusalOf(number, columns.times[at] ?? 0, newcomers)
      if (why !== null) refused.push({ at, why })
    }
    const places = refused.length === 0 ? null : placesBeside(columns.series.length, refused)
    const taken = places === null ? columns : picked(columns, places)
    if (taken.series.length === 0) return { taken: 0, refused }
    const named = [...newcomers.series].map(
      ([number, labels]) => ({ type: 'series', number, labels }) as const,
    )
    this.#wal.append([...named, { type: 'samples', batch: taken }])
    for (const [number, labels] of newcomers.series) this.#begin(number, labels)
    for (const at of this.#put(taken)) refused.push({ at: places?.[at] ?? at, why: 'contradicts' })
    return { taken: columns.series.length - refused.length, refused }
  }

  describe(metric: string, described: Described): void {
    this.#descriptions.put(metric, described)
  }

  get descriptions(): ReadonlyMap<string, Described> {
    return this.#descriptions.all
  }

  /** Resolves when all that was taken is on the disk. */
  sync(): Promise<void> {
    return this.#wal.sync()
  }

  // oxlint-disable-next-line typescript/require-await -- what is far away takes a while; this is near
  async select({ matchers, fromMs, toMs }: Selection): Promise<Selected> {
    const warnings: string[] = []
    const blocks = this.#shelf.blocks
      .filter((block) => block.toMs >= fromMs && block.fromMs <= toMs)
      .flatMap((block) => unlessBroken(() => this.#shelf.open(block), warnings) ?? [])
    const headFromMs = Math.max(fromMs, this.#cutMs + 1)
    const read = (number: number): Run => {
      const old = blocks.flatMap(
        (block) => unlessBroken(() => block.read(number, { fromMs, toMs }), warnings) ?? [],
      )
      const newest = this.#head.get(number)?.read(headFromMs, toMs)
      return joinRuns(this.#table.labelsOf(number) ?? [], newest === undefined ? old : [...old, newest])
    }
    return { runs: oneByOne(this.#table.select(matchers), read), warnings }
  }

  /** Writes blocks of what nothing can be late for any more, and removes what is older than it may be. */
  async settle(): Promise<void> {
    this.#descriptions.save()
    const before = this.#shelf.blocks
    for (let oldest = this.#oldestMs(); oldest < Infinity; oldest = this.#oldestMs()) {
      const toMs = (Math.floor(oldest / blockMs) + 1) * blockMs - 1
      if (this.#newestMs <= toMs + lateMs) break
      await this.#cut(toMs)
    }
    const oldest = this.#options.now() - this.#options.keptMs
    for (const block of this.#shelf.blocks) if (block.toMs < oldest) this.#shelf.remove(block)
    // Series are forgotten only where something went.
    if (this.#shelf.blocks === before) return
    const known = this.#table.size
    this.#table.keep(new Set([...this.#head.keys(), ...this.#shelf.numbers()]))
    if (this.#table.size < known) this.#era += 1
  }

  get size(): Readonly<{ series: number; blocks: number }> {
    return { series: this.#head.size, blocks: this.#shelf.blocks.length }
  }

  /** Closes the log as it is: the next start reads it. */
  close(): void {
    this.#descriptions.save()
    this.#wal.close()
    this.#shelf.close()
  }

  /** Why a sample is not taken; who may come and was not there is put among the newcomers. */
  #refusalOf(number: number, ms: number, newcomers: Newcomers): Reason | null {
    if (!Number.isSafeInteger(ms) || ms < 0) return 'not a time'
    if (ms <= this.#closedMs) return 'too old'
    if (ms > this.#options.now() + aheadMs) return 'too new'
    if (this.#head.has(number) || newcomers.series.has(number)) return null
    const labels = this.#table.labelsOf(number)
    if (labels === null) throw new Error(`samples of series ${number}, which nobody asked for in this era`)
    if (!this.#hasRoomFor(labels, newcomers)) return 'too many series'
    welcome(newcomers, number, labels)
    return null
  }

  #hasRoomFor(labels: Labels, newcomers: Newcomers): boolean {
    const { seriesLimit, seriesOfNameLimit } = this.#options
    if (this.#head.size + newcomers.series.size >= seriesLimit) return false
    const name = valueOf(labels, metricName)
    return (this.#names.get(name) ?? 0) + (newcomers.names.get(name) ?? 0) < seriesOfNameLimit
  }

  #begin(number: number, labels: Labels): void {
    this.#head.set(number, new HeadSeries(number, labels))
    this.#count(labels, 1)
  }

  #count(labels: Labels, more: number): void {
    const name = valueOf(labels, metricName)
    const count = (this.#names.get(name) ?? 0) + more
    if (count === 0) this.#names.delete(name)
    else this.#names.set(name, count)
  }

  /** Puts samples into the head; gives back the places of those that contradict what is there. */
  #put({ series, times, values, stale }: Batch): readonly number[] {
    const ends = new Set(stale)
    const contradicting: number[] = []
    for (const [at, number] of series.entries()) {
      const ms = times[at] ?? 0
      const reception = this.#head.get(number)?.take(ms, values[at] ?? 0, ends.has(at))
      if (reception === 'contradicts') contradicting.push(at)
      if (ms > this.#newestMs) this.#newestMs = ms
    }
    return contradicting
  }

  #replay(record: WalRecord): void {
    if (record.type === 'series') {
      this.#table.put(record.number, record.labels)
      this.#begin(record.number, record.labels)
    } else this.#put(after(record.batch, this.#cutMs))
  }

  /** The oldest sample that is in no block; about, as a series keeps older ones that were closed with younger ones. */
  #oldestMs(): number {
    let oldest = Infinity
    for (const series of this.#head.values()) oldest = Math.min(oldest, series.oldestMs)
    return Math.max(oldest, this.#cutMs + 1)
  }

  /** Makes a block of everything up to a time; what is newer goes into a new segment of the log. */
  async #cut(toMs: number): Promise<void> {
    this.#closedMs = toMs
    const fromMs = this.#cutMs + 1
    const sorted = [...this.#head.values()].toSorted((a, b) => compareLabels(a.labels, b.labels))
    const path = this.#shelf.pathOf(Math.max(0, Math.min(this.#oldestMs(), toMs)), toMs)
    await writeBlock(
      path,
      oneByOne(sorted, (series) => series.read(fromMs, toMs)),
    )
    this.#shelf.refresh()
    this.#cutMs = toMs
    for (const [number, series] of this.#head) {
      if (!series.forgetBefore(toMs + 1)) continue
      this.#head.delete(number)
      this.#count(series.labels, -1)
    }
    const segment = this.#wal.cut()
    for (const series of this.#head.values()) this.#wal.append(recordsOf(series, toMs + 1))
    await this.#wal.sync()
    this.#wal.dropBefore(segment)
  }
}

type Refused = TakenIn['refused'][number]

/** Series that are taken in with what is being taken, and how many of them have which name. */
type Newcomers = Readonly<{ series: Map<number, Labels>; names: Map<string, number> }>

const noNewcomers = (): Newcomers => ({ series: new Map(), names: new Map() })

function welcome({ series, names }: Newcomers, number: number, labels: Labels): void {
  const name = valueOf(labels, metricName)
  series.set(number, labels)
  names.set(name, (names.get(name) ?? 0) + 1)
}

function* oneByOne<T>(found: readonly T[], read: (one: T) => Run): Iterable<Run> {
  for (const one of found) {
    const run = read(one)
    if (run.times.length > 0) yield run
  }
}

/** A block that cannot be read any more is left out, and people are told. */
function unlessBroken<T>(work: () => T, warnings: string[]): T | null {
  try {
    return work()
  } catch (thrown) {
    if (!(thrown instanceof BrokenBlock)) throw thrown
    if (!warnings.includes(thrown.message)) warnings.push(thrown.message)
    return null
  }
}

function after(batch: Batch, ms: number): Batch {
  if (batch.times.every((time) => time > ms)) return batch
  return picked(
    batch,
    [...batch.series.keys()].filter((at) => (batch.times[at] ?? 0) > ms),
  )
}

function placesBeside(length: number, refused: readonly Refused[]): readonly number[] {
  const left = new Set(refused.map(({ at }) => at))
  return Array.from({ length }, (_, at) => at).filter((at) => !left.has(at))
}

/** The samples at these places, which rise. */
function picked({ series, times, values, stale }: Columns, places: readonly number[]): Columns {
  const ends = new Set(stale)
  return {
    series: places.map((at) => series[at] ?? 0),
    times: places.map((at) => times[at] ?? 0),
    values: places.map((at) => values[at] ?? 0),
    stale: [...places.entries()].filter(([, at]) => ends.has(at)).map(([nth]) => nth),
  }
}

function recordsOf(series: HeadSeries, fromMs: number): readonly WalRecord[] {
  const { number, labels } = series
  const { times, values, stale } = series.read(fromMs, Infinity)
  const batch = {
    series: Array.from({ length: times.length }, () => number),
    times: [...times],
    values: [...values],
    stale: [...(stale ?? [])],
  }
  return [
    { type: 'series', number, labels },
    { type: 'samples', batch },
  ]
}
