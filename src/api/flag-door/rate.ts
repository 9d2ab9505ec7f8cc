/** Says no to whoever asks too often: a bucket for each name, which fills by `perSecond` up to `most`. */
export type Rate = Readonly<{
  /** How many seconds to wait; 0 = it may be now, and is counted. */
  waitSeconds: (name: string, at: number) => number
}>

type Limits = Readonly<{ perSecond: number; most: number; names: number }>
type Bucket = { left: number; at: number }

export function makeRate({ perSecond, most, names }: Limits): Rate {
  const buckets = new Map<string, Bucket>()
  return {
    waitSeconds: (name, at) => {
      const known = buckets.get(name) ?? { left: most, at }
      // A clock that jumps back gives nothing and takes nothing.
      known.left = Math.min(most, known.left + (Math.max(0, at - known.at) / 1000) * perSecond)
      known.at = at
      buckets.delete(name)
      buckets.set(name, known)
      const oldest = buckets.keys().next()
      if (buckets.size > names && !oldest.done) buckets.delete(oldest.value)
      if (known.left < 1) return Math.max(1, Math.ceil((1 - known.left) / perSecond))
      known.left -= 1
      return 0
    },
  }
}
