/** Of both doors, each by itself. */
export const doorLimits = {
  /** At a time, over all repositories. */
  pushes: 8,
  fetches: 32,
  /** Of one exchange as a whole; a push may be followed until it is live. */
  wholeMs: 2 * 3_600_000,
  /** Without a byte in either direction. */
  idleMs: 5 * 60_000,
  /** After who asked has left: until then a push that is whole is written down. */
  graceMs: 10_000,
} as const

/** What a push must leave free on the disk, beside its own. */
const keepFreeBytes = 200 * 1024 * 1024

/** What must be free for a push into a repository that takes pushes of this size: while it is looked at it lies there twice. */
export const roomForPush = (largestBytes: number): number => 2 * largestBytes + keepFreeBytes
