import type { ChangeId } from '../change/order.ts'
import type { FlipItem, FlipWish } from '../api/wire/flags.ts'

/**
 * What a flip holds while it runs: one flag or segment of one environment, so that flips wait for nothing but another edit
 * of the same. The switch is a target of its own, and waits for nothing but another turn of it.
 */
export function targetOf(wish: Exclude<FlipWish, { do: 'undo' }>): string {
  switch (wish.do) {
    case 'write': {
      const [first, second] = wish.items
      return first === undefined || second !== undefined
        ? manyTarget(wish.environment)
        : itemTarget(first, wish.environment)
    }
    case 'switch':
      return switchTarget(wish.flag, wish.environment)
    case 'roll':
      return flagTarget(wish.flag, wish.environment)
  }
}

export const flagTarget = (key: string, environment: string): string => `flag:${key}@${environment}`

export const switchTarget = (key: string, environment: string): string => `switch:${key}@${environment}`

/** Several at once. */
export const manyTarget = (environment: string): string => `flags@${environment}`

const itemTarget = (item: FlipItem, environment: string): string =>
  'flag' in item ? flagTarget(item.flag, environment) : `segment:${item.segment}@${environment}`

/** A change that somebody made, as sentences name it. */
export const byWhom = ({ who, change }: Readonly<{ who: string; change: ChangeId }>): string =>
  `by ${who} with ${change}`
