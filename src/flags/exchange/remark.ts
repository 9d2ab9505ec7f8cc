import { mistakesOfSet } from '../../../sdk/flag/check-set.ts'
import type { Flag, FlagSet, Segment } from '../../../sdk/flag/flag.ts'
import { said } from '../../../sdk/flag/mistake.ts'

/** What is not as it was where a flag came from. Without `flag` it goes for all of them. */
export type Remark = Readonly<{
  flag: string | null
  /** The flag was not carried over at all; else it was, and this is what to know about it. */
  isLeftOut: boolean
  says: string
}>

/** Flags as they came out of the files of others. */
export type Imported = Readonly<{ set: FlagSet; remarks: readonly Remark[] }>

/** Thrown where something has no equal on the other side: its flag is then left out, and this is why. */
export class NoEqual extends Error {}

/** Takes down something to know about a flag that is carried over. */
export type Tell = (says: string) => void

/** Carries each over by itself. What has no equal is left out and said, whatever becomes of the others. */
export function carryEach<From, To>(
  all: readonly (readonly [string, From])[],
  carry: (from: From, key: string, tell: Tell) => To,
): Readonly<{ carried: Readonly<Record<string, To>>; remarks: readonly Remark[] }> {
  const carried: [string, To][] = []
  const remarks: Remark[] = []
  for (const [flag, from] of all) {
    const told = new Set<string>()
    try {
      carried.push([flag, carry(from, flag, (says) => told.add(says))])
      remarks.push(...[...told].map((says) => ({ flag, isLeftOut: false, says })))
    } catch (error) {
      if (!(error instanceof NoEqual)) throw error
      remarks.push({ flag, isLeftOut: true, says: error.message })
    }
  }
  return { carried: Object.fromEntries(carried), remarks }
}

/** Leaves out what would be refused where flags are written, and then what asked for it, until nothing is wrong. */
export function settled({ set, remarks }: Imported): Imported {
  const flags: Record<string, Flag> = { ...set.flags }
  const segments: Record<string, Segment> = { ...set.segments }
  const leftOut: Remark[] = []
  // Each round takes something away.
  for (;;) {
    const mistakes = mistakesOfSet({ flags, segments })
    if (mistakes.length === 0) break
    for (const mistake of mistakes) {
      const [room, key = ''] = mistake.path
      const name = String(key)
      const says = said({ ...mistake, path: mistake.path.slice(2) })
      // The first thing that is wrong with one is enough.
      if (room === 'flags' && Object.hasOwn(flags, name)) {
        delete flags[name]
        leftOut.push({ flag: name, isLeftOut: true, says })
      } else if (room === 'segments' && Object.hasOwn(segments, name)) {
        delete segments[name]
        leftOut.push({ flag: null, isLeftOut: true, says: `the segment '${name}' is left out: ${says}` })
      }
    }
  }
  const isGone = new Set(leftOut.map(({ flag }) => flag))
  const kept = remarks.filter(({ flag, isLeftOut }) => flag === null || isLeftOut || !isGone.has(flag))
  return { set: { flags, segments }, remarks: [...kept, ...leftOut] }
}
