import type { Fault } from '../lines/fault.ts'
import type { Key } from '../lines/key-table.ts'
import { readNumber } from '../lines/number.ts'

/** What kinds of metrics there are, by the letter that is told apart; `ms` is `m`. */
export const kinds = {
  counter: 0x63,
  gauge: 0x67,
  timer: 0x6d,
  histogram: 0x68,
  distribution: 0x64,
  set: 0x73,
}

/** Where the parts of a line stand, and what its short ones say. The key is name, kind and tags. */
export type Parts = Key & {
  valueFrom: number
  valueTo: number
  /** How much of what happened is sent: more than 0 and at most 1. */
  rate: number
  /** Seconds since the epoch; NaN where it says none. */
  atS: number
}

export const noParts = (): Parts => ({
  from: 0,
  to: 0,
  kind: 0,
  tagsFrom: 0,
  tagsTo: 0,
  valueFrom: 0,
  valueTo: 0,
  rate: 1,
  atS: NaN,
})

const [colon, pipe, at, hash, timestamp, letterS] = [0x3a, 0x7c, 0x40, 0x23, 0x54, 0x73]

/**
 * Finds the parts of `name:value|kind|@rate|#tag:value,tag`, as StatsD and DogStatsD write it. Parts that are not known,
 * such as the container a line came out of, are passed by.
 */
export function readParts(bytes: Uint8Array, from: number, to: number, parts: Parts): Fault | null {
  const nameTo = endOf(bytes, from, to, colon)
  const valueTo = endOf(bytes, nameTo, to, pipe)
  if (nameTo === from || valueTo === to) return 'shape'
  parts.from = from
  parts.to = nameTo
  parts.valueFrom = nameTo + 1
  parts.valueTo = valueTo
  parts.rate = 1
  parts.atS = NaN
  parts.tagsFrom = 0
  parts.tagsTo = 0
  const kindTo = endOf(bytes, valueTo + 1, to, pipe)
  parts.kind = kindIn(bytes, valueTo + 1, kindTo)
  if (parts.kind === 0) return 'type'
  return kindTo === to ? null : readRest(bytes, kindTo + 1, to, parts)
}

function readRest(bytes: Uint8Array, from: number, to: number, parts: Parts): Fault | null {
  for (let begin = from; begin < to;) {
    const end = endOf(bytes, begin, to, pipe)
    const letter = bytes[begin]
    if (letter === hash) {
      parts.tagsFrom = begin + 1
      parts.tagsTo = end
    } else if (letter === at) {
      parts.rate = readNumber(bytes, begin + 1, end)
      if (!(parts.rate > 0 && parts.rate <= 1)) return 'rate'
    } else if (letter === timestamp) {
      parts.atS = readNumber(bytes, begin + 1, end)
      if (!(parts.atS > 0)) return 'time'
    }
    begin = end + 1
  }
  return null
}

function endOf(bytes: Uint8Array, from: number, to: number, byte: number): number {
  for (let place = from; place < to; place += 1) if (bytes[place] === byte) return place
  return to
}

/** The letter of a kind; 0 for what is none. */
function kindIn(bytes: Uint8Array, from: number, to: number): number {
  const letter = bytes[from] ?? 0
  if (to - from === 2) return letter === kinds.timer && bytes[from + 1] === letterS ? letter : 0
  if (to - from !== 1) return 0
  switch (letter) {
    case kinds.counter:
    case kinds.gauge:
    case kinds.histogram:
    case kinds.distribution:
    case kinds.set:
      return letter
    default:
      return 0
  }
}
