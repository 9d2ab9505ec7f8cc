import { deserialize, serialize } from 'node:v8'
import { Unreadable } from '../ingest/unreadable.ts'
import type { Intake } from '../intake.ts'
import type { Parcel, TakenCount } from '../metrics-side.ts'
import { type Flush, type FlushReader, flushReader } from './flush.ts'

/** Flushes go from thread to thread only, never over a network. */
export const flushBytes = (flush: Flush): Uint8Array => serialize(flush)

/** Reads parcels that hold a flush. Of each sender it is remembered what its numbers mean. */
export function readFlushes(intake: Intake): (parcel: Parcel) => TakenCount {
  const readers = new Map<string, FlushReader>()
  return ({ sender, body }) => {
    const read = readers.get(sender) ?? flushReader(intake)
    readers.set(sender, read)
    const receipt = read(deserialize(body) as Flush)
    if (receipt === null) throw new Unreadable(`${sender} has used a number that means nothing here`)
    return receipt
  }
}
