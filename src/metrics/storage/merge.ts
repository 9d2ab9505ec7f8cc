import { setImmediate as pause } from 'node:timers/promises'
import type { Labels } from '../labels.ts'
import { Arena } from './arena.ts'
import { ofSamples } from './block/shape.ts'
import { BlockFile } from './block/write-block.ts'
import { gather } from './join.ts'
import type { OpenBlock } from './reading.ts'

const always = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER - 1 }
/** Others get their turn after so many samples. */
const samplesAtOnce = 20_000
const arenaFloats = 16_384

export type Merge = Readonly<{
  /** In the order in which they were written. */
  blocks: readonly OpenBlock[]
  order: readonly number[]
  labelsOf: (number: number) => Labels
  path: string
  /** Whether all could be read. */
  isWhole: () => boolean
}>

/**
 * Writes one block of some, which are left as they are, or none where nothing is in them any more. False when they cannot be
 * read to the end: then nothing is written.
 */
export async function merge({ blocks, order, labelsOf, path, isWhole }: Merge): Promise<boolean> {
  const file = new BlockFile(path, ofSamples)
  let isWritten = false
  let samples = 0
  try {
    const arena = new Arena(arenaFloats)
    let since = 0
    for (const number of order) {
      arena.clear()
      const pieces = blocks.flatMap((block) => block.read(number, always, arena.room) ?? [])
      const all = gather(pieces, arena.room)
      file.add({ labels: labelsOf(number), ...all })
      since += all.times.length
      samples += all.times.length
      if (since < samplesAtOnce) continue
      since = 0
      await pause()
    }
    if (!isWhole()) return false
    if (samples > 0) {
      file.end()
      isWritten = true
    }
    return true
  } finally {
    if (!isWritten) file.abandon()
  }
}
