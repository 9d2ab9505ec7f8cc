import type { PlanLine } from '../../change/plan.ts'
import type { HostPlan } from './plan-host.ts'

/** Something that is not as the recipe says, and who moved since the last apply. */
export type Drifted = Readonly<{
  resource: string
  at: string
  /** The key of the first of its things that differs: `path /etc/motd`. */
  key: string
  cause: 'host moved' | 'recipe moved' | 'both moved'
  lines: readonly PlanLine[]
}>

/**
 * What of a host differs from its recipe, beside what was applied last (`applied` of that plan, by key of the thing).
 * What a plan cannot know for certain has not drifted.
 */
export function driftOf(
  { changes, standings }: HostPlan,
  lastApplied: ReadonlyMap<string, string>,
): readonly Drifted[] {
  return changes.flatMap(({ resource, at, lines, differing }) => {
    const [key] = differing
    if (key === undefined) return []
    const moves = differing.map((one) => {
      const { want = '', was = '' } = standings.get(one) ?? {}
      return movesOf({ want, was }, lastApplied.get(one) ?? null)
    })
    const isHost = moves.some(({ host }) => host)
    const isRecipe = moves.some(({ recipe }) => recipe)
    const cause = isHost && isRecipe ? 'both moved' : isRecipe ? 'recipe moved' : 'host moved'
    return [{ resource, at, key, cause, lines }]
  })
}

type Moves = Readonly<{ host: boolean; recipe: boolean }>

/** What was never applied is new in the recipe. Where nobody knew what an apply left, a recipe that stayed blames the host. */
function movesOf(now: Readonly<{ want: string; was: string }>, last: string | null): Moves {
  if (last === null) return { host: false, recipe: true }
  const [want = '', left = '-'] = last.split('.')
  const recipe = want !== now.want
  return { recipe, host: left === '-' ? !recipe : left !== now.was }
}
