import { setImmediate as pause } from 'node:timers/promises'
import type { Labels } from '../../labels.ts'
import { Arena, type Room } from '../arena.ts'
import { BlockFile } from '../block/write-block.ts'
import { gather } from '../join.ts'
import type { OpenBlock } from '../reading.ts'
import type { Level } from './level.ts'
import { ofRollups, type RolledRun } from './rollup-file.ts'
import { columnsBy } from '../../summaries.ts'
import { type Rolled, summarize } from './summarize.ts'

const always = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER - 1 }
/** Others get their turn after so many samples. */
const samplesAtOnce = 20_000
const arenaFloats = 65_536

export type RollWorld = Readonly<{
  /** The series, in the order in which they are to be written. */
  order: readonly number[]
  labelsOf: (number: number) => Labels
  /** Whether all could be read. */
  isWhole: () => boolean
}>

/** Where the summaries of one level go. */
export type Target = Readonly<{ level: Level; path: string }>

/**
 * Sums up the samples of some blocks, which are left as they are: one file for each target, the first of which is there
 * before the next. False when they cannot be read to the end: then nothing is written.
 */
export function roll(
  blocks: readonly OpenBlock[],
  targets: readonly Target[],
  world: RollWorld,
): Promise<boolean> {
  const read = (number: number, room: Room): readonly Rolled[] | null => {
    const pieces = blocks.flatMap((block) => block.read(number, always, room) ?? [])
    if (pieces.length === 0) return null
    const all = gather(pieces, room)
    return targets.map(({ level }) => summarize(all, level.lengthMs, room))
  }
  return write(
    targets.map(({ path }) => path),
    read,
    world,
  )
}

/** Makes one file of what is read of others, piece by piece in the order of time. False when they cannot be read to the end. */
export function rewrite(
  path: string,
  readParts: (number: number) => readonly Rolled[],
  world: RollWorld,
): Promise<boolean> {
  const read = (number: number, room: Room): readonly Rolled[] | null => {
    const parts = readParts(number)
    return parts.length === 0 ? null : [joined(parts, room)]
  }
  return write([path], read, world)
}

function joined(parts: readonly Rolled[], room: Room): Rolled {
  const length = parts.reduce((sum, { columns }) => sum + columns.counts.length, 0)
  const columns = columnsBy((name) => {
    const column = room(length)
    let at = 0
    for (const part of parts) {
      column.set(part.columns[name], at)
      at += part.columns[name].length
    }
    return column
  })
  return { columns, ends: Float64Array.from(parts.flatMap(({ ends }) => [...ends])) }
}

type Reading = (number: number, room: Room) => readonly Rolled[] | null

async function write(paths: readonly string[], read: Reading, world: RollWorld): Promise<boolean> {
  const files: BlockFile<RolledRun>[] = []
  const left = new Set(files)
  try {
    for (const path of paths) {
      const file = new BlockFile(path, ofRollups)
      files.push(file)
      left.add(file)
    }
    await fill(files, read, world)
    if (!world.isWhole()) return false
    for (const file of files) {
      file.end()
      left.delete(file)
    }
    return true
  } finally {
    for (const file of left) file.abandon()
  }
}

async function fill(files: readonly BlockFile<RolledRun>[], read: Reading, world: RollWorld): Promise<void> {
  const arena = new Arena(arenaFloats)
  let since = 0
  for (const number of world.order) {
    arena.clear()
    const all = read(number, arena.room)
    if (all === null) continue
    const labels = world.labelsOf(number)
    for (const [nth, rolled] of all.entries()) files[nth]?.add({ labels, ...rolled })
    since += all[0]?.columns.counts.reduce((sum, count) => sum + count, 0) ?? 0
    if (since < samplesAtOnce) continue
    since = 0
    await pause()
  }
}
