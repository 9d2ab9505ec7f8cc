import type { CommitPlan, TrainPlace } from '../../api/wire/code.ts'
import type { Decision } from '../../ci/flow/what-now.ts'

type Standing = Pick<TrainPlace, 'status' | 'why'>

/**
 * The same, where nothing goes that has no plan or whose plan does nothing. What is held or frozen stays so, whatever
 * would come of it.
 */
export async function asPlanned(
  decision: Decision,
  planOf: (commit: string) => Promise<CommitPlan | null>,
): Promise<Decision> {
  const places = await Promise.all(
    decision.places.map(async (place) => {
      const isNext = place.status === 'green' || place.status === 'waiting'
      const standing = isNext ? standingOf(await planOf(place.commit)) : null
      return standing === null ? place : { ...place, ...standing }
    }),
  )
  const { go } = decision
  const mayGo = go !== null && places.some(({ commit, status }) => commit === go.commit && status === 'green')
  return { ...decision, places, go: mayGo ? go : null }
}

/** Null where it may go. */
function standingOf(plan: CommitPlan | null): Standing | null {
  if (plan === null) return { status: 'testing', why: 'it has no plan yet' }
  switch (plan.state) {
    case 'waiting':
    case 'looking':
      return { status: 'testing', why: `its plan ${plan.text}` }
    case 'planned':
      return plan.isEmpty ? { status: 'empty', why: plan.text } : null
    case 'broken':
    case 'passed by':
    case 'left out':
      return { status: 'broken', why: plan.text }
  }
}
