import type { Draw } from '../flag/flag.ts'
import { begin, finish } from './murmur3.ts'

/**
 * How lots are drawn for one share or split. Whoever's `lot` is less than `bound(weight, of)` is among the first `weight`
 * of `of`. Lots are small integers on purpose: larger ones would be allocated on their way out of the function.
 */
export type Lots = Readonly<{
  lot: (key: string) => number
  bound: (weight: number, of: number) => number
}>

/** A share decides who takes part, a split which arm they get: some peers hash differently for each. */
export type Purpose = 'share' | 'split'

/** Prepares the lots of a share or split of `of` parts. */
export function lotsOf(draw: Draw, purpose: Purpose, of: number): Lots {
  const { hash, salt } = draw
  switch (hash) {
    case 'tandem-1':
    case 'flagd-v2':
      return murmurLots(salt)
    case 'unleash':
      return unleashLots(salt, purpose, of)
    case 'gb-1':
      return { lot: (key) => fnv1a(key + salt) % 1000, bound: boundWithin(1000) }
    case 'gb-2':
      return { lot: (key) => fnv1a(String(fnv1a(salt + key))) % 10_000, bound: boundWithin(10_000) }
  }
}

const half = 2 ** 31

/** The whole 32-bit hash, less 2³¹, so that it stays a small integer. */
function murmurLots(salt: string): Lots {
  const begun = begin(salt, 0)
  return {
    lot: (key) => finish(begun, key) ^ 0x80000000,
    bound: (weight, of) => boundWithin(2 ** 32)(weight, of) - half,
  }
}

/** The smallest whole number that is not less than `range · weight / of`, exactly: doubles are off by one from 2²² on. */
function boundWithin(range: number): (weight: number, of: number) => number {
  return (weight, of) => {
    const whole = BigInt(of)
    return Number((BigInt(weight) * BigInt(range) + whole - 1n) / whole)
  }
}

const unleashSeeds: Readonly<Record<Purpose, number>> = { share: 0, split: 86_028_157 }

/** Unleash hashes `group:id` and takes the remainder, of 100 for a rollout and of all weights for variants. */
function unleashLots(salt: string, purpose: Purpose, of: number): Lots {
  const begun = begin(`${salt}:`, unleashSeeds[purpose])
  return { lot: (key) => (finish(begun, key) >>> 0) % of, bound: boundWithin(of) }
}

/** FNV-1a as GrowthBook has it: over UTF-16 units, not bytes. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
