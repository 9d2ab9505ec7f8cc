import type { Duration, Size } from '../wish.ts'

/** Lines are taken by UDP and TCP. Nobody is asked who they are: listen where only your own programs reach. */
export type WireWish = Readonly<{
  /** The address of this machine, with a port or without. Default `127.0.0.1`. */
  listen?: string
  /** How often what came is written down. Default `10s`; of Graphite `1s`. */
  flush?: Duration
  /** A series that was not heard of for so long has ended. Default `1h`. */
  idle?: Duration
  /** The most series; newcomers beyond it are refused. Each bucket of a histogram is one. Default 20,000. */
  seriesLimit?: number
  /** What the kernel is asked to hold while we are busy. Default `8M`. */
  buffer?: Size
  /** What metrics are called here, where that is not what they are called there. The first that fits counts. */
  names?: readonly NameWish[]
}>

export type StatsdWish = WireWish &
  Readonly<{
    /** Upper bounds of the buckets of histograms: of timers in seconds, of others as they are sent. */
    buckets?: Readonly<{ seconds?: readonly number[]; values?: readonly number[] }>
  }>

export type NameWish = Readonly<{
  /** A name as it is sent, where `*` stands for what is between two dots: `shop.*.orders`. */
  match: string
  /** What it is called: `orders`. `$1` is what the first `*` stands for. Default: as it is. */
  name?: string
  /** Labels it is given: `{ country: '$1' }`. */
  labels?: Readonly<Record<string, string>>
  /** The bounds of its histogram. */
  buckets?: readonly number[]
  /** It is thrown away. */
  drop?: boolean
}>
