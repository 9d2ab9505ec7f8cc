import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as pause } from 'node:timers/promises'
import type { Columns, Described, Intake, TakenIn } from '../intake.ts'
import type { Labels } from '../labels.ts'
import type { Found, SampleSource, Selected, Selection } from '../source.ts'
import { Admission } from './admission.ts'
import { Count } from './block/count.ts'
import { blocksIn, Shelf } from './block/shelf.ts'
import { Budget } from './budget.ts'
import { beside, inSlices, picked } from './columns.ts'
import type { Piece } from './cut.ts'
import { isFull } from './disk-full.ts'
import { deleteSamples } from './deletions/delete-samples.ts'
import type { DeletionWish } from './deletions/deletion.ts'
import { Deletions } from './deletions/deletions.ts'
import { Descriptions } from './descriptions.ts'
import { Head } from './head/head.ts'
import { SeriesTable } from './head/series-table.ts'
import { Keeping } from './keeping.ts'
import { LookUp } from './look-up.ts'
import { Blocks } from './reading.ts'
import { Rollups } from './rollup/rollups.ts'
import { windowMs } from './window.ts'
import { Rate } from './rate.ts'
import { writeSnapshot } from './snapshot.ts'
import { type Keep, type StoreOptions, usual } from './store-options.ts'
import { countTop, type StoreSize, type Top } from './top.ts'
import { Turns } from './turns.ts'
import type { WalRecord } from './wal/record.ts'
import { type Lost, Wal } from './wal/wal.ts'

/** A clock that is further ahead than this is wrong. */
const aheadMs = 10 * 60_000
/** Others get their turn after so many samples were written. */
const samplesAtOnce = 20_000
/** So many blocks of which something may have been deleted are looked at when all is put in order. */
const blocksAtOnce = 16

/**
 * Samples on one machine: a log that is written before anything counts, the newest in memory, and blocks that never change.
 * Owned by one process.
 */
export class SampleStore implements SampleSource, Intake {
  /** Shared with its parts, which look at it each time. */
  readonly #options: Required<StoreOptions>
  readonly #table = new SeriesTable()
  readonly #descriptions: Descriptions
  readonly #count: Count
  readonly #shelf: Shelf
  readonly #blocks: Blocks
  readonly #deletions: Deletions
  readonly #head: Head
  readonly #admission: Admission
  readonly #keeping: Keeping
  readonly #rollups: Rollups
  readonly #lookUp: LookUp
  readonly #wal: Wal
  readonly #budget: Budget
  readonly #rate = new Rate()
  #era = 1
  #isOpen = false
  /** The first segment of the log that is not in blocks when what is being written is. */
  #keptFrom = 0
  #settling: Promise<void> | null = null
  readonly #turns = new Turns()
  /** What stood behind a torn place of the log when it was opened. */
  readonly lost: readonly Lost[]
  /** Where blocks are that could not be read. */
  readonly broken: string[] = []

  constructor(given: StoreOptions) {
    const options = { ...usual, ...given }
    this.#options = options
    mkdirSync(options.folder, { recursive: true, mode: 0o700 })
    this.#descriptions = new Descriptions(join(options.folder, 'descriptions'))
    const table = this.#table
    const deletions = new Deletions(join(options.folder, 'deletions'), (number) => table.labelsOf(number))
    const count = new Count(deletions.upTo)
    const numberOf = (labels: Labels): number => table.add(labels)
    const shelf = new Shelf(blocksIn(options.folder), numberOf, count)
    const blocks = new Blocks(shelf, deletions)
    const head = new Head({
      table,
      nextPath: (span) => shelf.nextPath(span),
      inBlocks: (number, ms) => this.#inBlocks(number, ms),
      samples: options.headSamples,
    })
    const budget = new Budget(options)
    this.#budget = budget
    this.#count = count
    this.#shelf = shelf
    this.#blocks = blocks
    this.#deletions = deletions
    this.#head = head
    this.#admission = new Admission({ table, budget, head })
    const { wal, lost } = Wal.open(join(options.folder, 'wal'), (record) => this.#replay(record))
    this.#wal = wal
    this.lost = lost
    const rollups = new Rollups({ folder: options.folder, numberOf, count, deletions })
    this.#rollups = rollups
    this.#keeping = new Keeping({ table, shelf, blocks, deletions, head, budget, rollups, options })
    this.#lookUp = new LookUp({ table, admission: this.#admission, shelf, blocks, rollups, head })
    this.#greet()
    this.#isOpen = true
  }

  /** Keeps samples otherwise from now on. Who is there stays, though there may be more than are let in now. */
  heed(keep: Keep): void {
    Object.assign(this.#options, keep)
    this.#keeping.closeAnew()
  }

  numberOf(labels: Labels): number {
    return this.#table.add(labels)
  }

  labelsOf(number: number): Labels | null {
    return this.#table.labelsOf(number)
  }

  era(): number {
    return this.#era
  }

  /** Throws a DiskFull when there is no room. */
  take(columns: Columns): TakenIn {
    const slices = inSlices(columns)
    if (slices.length === 1) return this.#take(columns)
    const outcomes = slices.map(({ from, part }) => ({ from, ...this.#take(part) }))
    return {
      taken: outcomes.reduce((sum, { taken }) => sum + taken, 0),
      refused: outcomes.flatMap(({ from, refused }) =>
        refused.map(({ at, why }) => ({ at: from + at, why })),
      ),
    }
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
  async select(selection: Selection): Promise<Selected> {
    return this.look(selection)
  }

  /** As `select`, and at once. */
  look(selection: Selection): Selected {
    return this.#lookUp.select(selection)
  }

  /** The series that may have samples of these times, in no order. */
  find(selection: Selection): Found {
    return this.#lookUp.find(selection)
  }

  /** Puts in order what came since: to be called about once a minute. What there is no room for is left for the next time. */
  settle(): Promise<void> {
    this.#settling ??= this.#turns
      .add(() => this.#settle())
      .catch((thrown: unknown) => {
        if (!isFull(thrown)) throw thrown
      })
      .finally(() => (this.#settling = null))
    return this.#settling
  }

  /** Deletes samples that were taken up to now; gives back of how many series. Throws a DiskFull, and then none is deleted. */
  delete(wish: DeletionWish): Promise<number> {
    return this.#turns.add(async () => {
      await this.#flush()
      this.#freeze()
      await this.#flush()
      this.#flushRest()
      const [table, head, budget] = [this.#table, this.#head, this.#budget]
      const [count, blocks, rollups, deletions] = [this.#count, this.#blocks, this.#rollups, this.#deletions]
      return deleteSamples({ table, head, budget, count, blocks, rollups, deletions }, wish)
    })
  }

  /** Writes blocks anew until nothing is left on the disk of what was deleted. */
  clean(): Promise<null> {
    return this.#turns.add(async () => {
      await this.#keeping.forgetDeleted(Infinity)
      return null
    })
  }

  /** Resolves when nothing long is being done. */
  idle(): Promise<void> {
    return this.#turns.over()
  }

  /** Where the list of deletions is when it could not be read to the end. */
  get tornDeletions(): string | null {
    return this.#deletions.torn
  }

  get size(): StoreSize {
    const { blocks } = this.#shelf
    return {
      series: this.#head.roll.active,
      blocks: blocks.length,
      samples: this.#head.samples,
      blockBytes: blocks.reduce((sum, { bytes }) => sum + bytes, 0),
      rollupBytes: this.#rollups.bytes,
    }
  }

  /** What there is most of, `most` of each. */
  top(most: number): Top {
    const { series, blocks, blockBytes, rollupBytes } = this.size
    return {
      series,
      blocks,
      samplesPerSecond: this.#rate.tell(this.#options.now()),
      bytes: { blocks: blockBytes, rollups: rollupBytes, log: this.#wal.bytes(), memory: this.#head.bytes },
      head: this.#head.held,
      log: this.#wal.segments,
      corruptions: this.lost.length + this.broken.length,
      ...countTop(this.#budget, most),
      refused: this.#admission.refusals.all().slice(0, most),
    }
  }

  /** Makes a folder of all that was taken up to now, which is a store when it is put in the place of this one. */
  snapshot(folder: string): void {
    this.#descriptions.save()
    const before = this.#wal.cut()
    writeSnapshot(folder, {
      blocks: this.#shelf.blocks.map(({ path }) => path),
      rollups: this.#rollups.files.map(({ path }) => path),
      log: this.#wal.segmentsBefore(before),
      copied: ['descriptions', 'deletions'].map((name) => join(this.#options.folder, name)),
    })
  }

  /** Closes the log as it is: the next start reads it. */
  close(): void {
    this.#descriptions.save()
    this.#wal.close()
    this.#shelf.close()
    this.#rollups.close()
  }

  #take(columns: Columns): TakenIn {
    this.#makeRoomFor(columns.series.length)
    const { now, keptMs } = this.#options
    const admitted = this.#admission.admit(columns, {
      afterMs: Math.max(this.#keeping.closedMs, now() - keptMs - 1),
      upToMs: now() + aheadMs,
    })
    const { refused, named } = admitted
    const places = refused.length === 0 ? null : beside(columns.series.length, refused)
    const taken = places === null ? columns : picked(columns, places)
    if (taken.series.length === 0) return { taken: 0, refused }
    const names = named.map(
      (number) => ({ type: 'series', number, labels: this.#admission.labelsOf(number) }) as const,
    )
    try {
      this.#wal.append([...names, { type: 'samples', batch: taken }])
    } catch (thrown) {
      this.#admission.takeBack(admitted)
      throw thrown
    }
    for (const at of this.#head.put(taken))
      this.#admission.refuse(refused, {
        at: places?.[at] ?? at,
        why: 'contradicts',
        number: taken.series[at] ?? 0,
      })
    const count = columns.series.length - refused.length
    this.#rate.add(count)
    return { taken: count, refused }
  }

  /** Goes on with what is being written into blocks, and begins with it when there is much. */
  #makeRoomFor(coming: number): void {
    if (this.#head.isFlushing && this.#head.stepFor(coming)) this.#isFlushed()
    if (this.#head.isDue) this.#freeze()
  }

  /** What is being written already goes first: the rest waits for another time. */
  #freeze(): void {
    if (this.#head.isFlushing) return
    this.#keptFrom = this.#wal.cut()
    this.#head.freeze()
  }

  #isFlushed(): void {
    this.#shelf.refresh()
    this.#wal.dropBefore(this.#keptFrom)
  }

  async #settle(): Promise<void> {
    const keeping = this.#keeping
    this.broken.push(...keeping.setAside())
    keeping.prune()
    // What may go has gone, so that there is room for what is written from here on.
    this.#rate.tell(this.#options.now())
    this.#descriptions.save()
    keeping.close()
    keeping.retire()
    if (keeping.isOver(this.#head.oldestWindowMs)) {
      await this.#flush()
      this.#freeze()
    }
    await this.#flush()
    await keeping.join()
    await keeping.forgetDeleted(blocksAtOnce)
    await keeping.roll()
    keeping.prune()
    if (keeping.forget()) this.#era += 1
  }

  async #flush(): Promise<void> {
    while (this.#head.isFlushing) {
      if (this.#head.step(samplesAtOnce)) this.#isFlushed()
      await pause()
    }
  }

  /** All that is in memory goes into blocks, while everybody waits. */
  #flushRest(): void {
    const write = (): void => void (this.#head.step(Infinity) && this.#isFlushed())
    write()
    this.#freeze()
    write()
  }

  #replay(record: WalRecord): void {
    if (record.type === 'samples') return void this.#head.put(record.batch)
    this.#table.put(record.number, record.labels)
    this.#admission.begin(record.number, -Infinity)
  }

  /** Series that were there lately keep their place, though the log may not have them any more. */
  #greet(): void {
    const newest = Math.max(...this.#shelf.blocks.map(({ fromMs }) => fromMs), 0)
    for (const { block, has } of this.#blocks.within(
      { fromMs: newest - Math.max(windowMs, this.#options.lateMs), toMs: Infinity },
      [],
    )) {
      this.#head.hasBlock(block)
      for (const number of block.numbers()) if (has(number)) this.#admission.begin(number, block.index.toMs)
    }
    this.#keeping.close()
  }

  #inBlocks(number: number, ms: number): Piece | null {
    // What the log says again after a start was taken once, and the first of two that are the same is read.
    return this.#isOpen ? this.#blocks.at(number, ms) : null
  }
}
