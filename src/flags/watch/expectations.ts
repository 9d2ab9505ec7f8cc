import type { FlipWish } from '../../api/wire/flags.ts'
import { canonical } from '../../change/canonical.ts'
import type { Plan } from '../../change/plan.ts'
import type { Expectation, Flag } from '../../../sdk/flag/flag.ts'

/** All that is watched in a rollout: what the flag itself says, and what was ordered with it. */
export function expectationsFor(
  { watch: always = [] }: Pick<Flag, 'watch'>,
  { watch = [] }: Extract<FlipWish, { do: 'roll' }>,
): readonly Expectation[] {
  return [...new Map([...always, ...watch].map((each) => [canonical(each), each])).values()]
}

/** What a rollout watches, as its plan keeps it. */
export const outcomeOf = (watch: readonly Expectation[]): Plan['outcome'] => ({ watch: [...watch] })

export function expectationsOf({ outcome }: Plan): readonly Expectation[] {
  return (outcome as Readonly<{ watch?: readonly Expectation[] }> | null)?.watch ?? []
}
