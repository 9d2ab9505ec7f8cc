import type { Arm, Flag, Rule, Share, Split } from '../../../../sdk/flag/flag.ts'

/** Weights are counted in parts of this many, so that a hundredth of a percent is a whole number. */
const parts = 10_000

type Weighed = Readonly<{ weight: number; of: number }>

export const percentOf = ({ weight, of }: Weighed): number => Number(((100 * weight) / of).toFixed(2))

/** How many parts are counted in from now on; those of a draw that knows no hundredths of a percent stay. */
export const partsFor = (of: number): number =>
  of % parts === 0 || parts % of === 0 ? Math.max(parts, of) : of

export const weightOf = (percent: number, of: number): number => Math.round((percent / 100) * of)

/** With another share. What is hashed stays, so that nobody is dealt anew. */
export function withPercent(share: Share, percent: number): Share {
  const of = partsFor(share.of)
  return { ...share, weight: weightOf(percent, of), of }
}

/** A rule for everybody, which draws its own lots. */
export function newRule(flag: Flag, id: string): Rule {
  return { id, serve: Object.keys(flag.variants)[0] ?? '' }
}

export const newShare = (id: string): Share => ({ ...drawOf(id), weight: parts / 10, of: parts })

/** Everybody divided alike among the variants. */
export function newSplit(id: string, variants: readonly string[]): Split {
  const each = Math.floor(parts / Math.max(1, variants.length))
  const arms = variants.map((variant, at) => ({
    variant,
    weight: at === 0 ? parts - each * (variants.length - 1) : each,
  }))
  return { ...drawOf(id), of: parts, arms }
}

/** A division with other arms, whose weights are in percent. */
export function withArms(
  split: Split,
  arms: readonly Readonly<{ variant: string | null; percent: number }>[],
): Split {
  const of = partsFor(split.of)
  return {
    ...split,
    of,
    arms: arms.map(({ variant, percent }) => ({ variant, weight: weightOf(percent, of) })),
  }
}

/** How much of everybody the arms make together; a division needs 100. */
export function sumOf({ arms, of }: Split): number {
  return percentOf({ weight: arms.reduce((sum: number, { weight }: Arm) => sum + weight, 0), of })
}

/** Nobody draws the same lots twice: the salt is an id that stays. */
const drawOf = (id: string) => ({ hash: 'tandem-1', salt: `${id}:` }) as const
