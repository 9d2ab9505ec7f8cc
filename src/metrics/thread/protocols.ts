import { otlpReader } from '../ingest/readers/otlp-reader.ts'
import { perfdataReader, pushReader } from '../ingest/readers/push-readers.ts'
import { remoteWrite2Reader, remoteWriteReader } from '../ingest/readers/remote-write-reader.ts'
import type { Intake } from '../intake.ts'
import { readFlushes } from '../lines/read-flushes.ts'
import type { Parcel, TakenCount } from '../metrics-side.ts'

/** Reads parcels of one protocol into the intake. Throws Unreadable, and what the file system throws. */
export type Reader = (parcel: Parcel) => TakenCount

/** Made once for each life of the thread: a reader may remember what it has seen. */
export type MakeReader = (intake: Intake) => Reader

export type Protocols = Readonly<Record<string, MakeReader>>

/** In whose words samples may come. */
export const protocols: Protocols = {
  // Of the thread that listens for lines.
  statsd: readFlushes,
  graphite: readFlushes,
  'remote write': remoteWriteReader,
  'remote write 2': remoteWrite2Reader,
  otlp: otlpReader,
  push: pushReader,
  perfdata: perfdataReader,
}
