import type { Records } from '../../store/store.ts'
import type { KeptPlan } from './commit-plan.ts'

const room = 'commit plans'
const mostKept = 300

/** A plan without its lines. */
export type PlanPlace = Readonly<{ repo: string }> & Pick<KeptPlan, 'commit' | 'ref' | 'who' | 'state' | 'at'>

/** Plans of commits, kept for people who look at the commit later. */
export type KeptPlans = Readonly<{
  of: (repo: string, commit: string) => Promise<KeptPlan | null>
  put: (repo: string, plan: KeptPlan) => Promise<void>
  /** All of them, the ones that were put last at the end. */
  places: () => Promise<readonly PlanPlace[]>
}>

/** The lines stay in the store; what waits and what is newest is known here. */
export function keepPlans(records: Records): KeptPlans {
  let read: Promise<Map<string, PlanPlace>> | null = null
  const places = (): Promise<Map<string, PlanPlace>> => (read ??= readPlaces(records))
  return {
    of: async (repo, commit) => {
      const kept = await records.get(room, keyOf(repo, commit))
      return kept === undefined ? null : (kept as KeptPlan)
    },
    put: async (repo, plan) => {
      const known = await places()
      const key = keyOf(repo, plan.commit)
      await records.put(room, key, plan)
      known.delete(key)
      known.set(key, placeOf(repo, plan))
      const done = [...known].filter(([, place]) => !isOpen(place))
      for (const [old] of done.slice(0, Math.max(0, known.size - mostKept))) {
        known.delete(old)
        await records.remove(room, old)
      }
    },
    places: async () => [...(await places()).values()],
  }
}

/** Whether there will be something said of it yet. */
export const isOpen = ({ state }: Pick<PlanPlace, 'state'>): boolean =>
  state === 'waiting' || state === 'looking'

const keyOf = (repo: string, commit: string): string => `${repo} ${commit}`

const placeOf = (repo: string, { commit, ref, who, state, at }: KeptPlan): PlanPlace => ({
  repo,
  commit,
  ref,
  who,
  state,
  at,
})

async function readPlaces(records: Records): Promise<Map<string, PlanPlace>> {
  const kept = (await records.list(room)).map(({ key, value }) => {
    const [repo = ''] = key.split(' ')
    return [key, placeOf(repo, value as KeptPlan)] as const
  })
  return new Map(kept.toSorted(([, one], [, other]) => one.at - other.at))
}
