/** `metrics.statsd` and `metrics.graphite` of `tandem.ts` after they were read; null = not listened for. */
export type WiresConfig = Readonly<{ statsd: StatsdConfig | null; graphite: WireConfig | null }>

/** Where a protocol of lines is listened for, by UDP and by TCP. */
export type WireConfig = Readonly<{
  address: string
  port: number
  flushMs: number
  /** A series that was not heard of for so long has ended. */
  idleMs: number
  seriesLimit: number
  /** What the kernel is asked to hold while we are busy. */
  receiveBufferBytes: number
  rules: readonly NameRule[]
}>

export type StatsdConfig = WireConfig &
  Readonly<{
    /** Bounds of histograms: of timers, in seconds, and of everything else. */
    buckets: Readonly<{ seconds: readonly number[]; values: readonly number[] }>
  }>

/** A way to name some metrics otherwise: a pattern of their names, where `*` stands for what is between two dots. */
export type NameRule = Readonly<{
  match: string
  /** What it is called; `$1` is what the first `*` stands for. Null = as it is. */
  name: string | null
  labels: Readonly<Record<string, string>>
  /** The bounds of its histogram. */
  buckets: readonly number[] | null
  isDropped: boolean
}>
