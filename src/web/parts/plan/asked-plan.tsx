import type { Plan } from '../../../change/plan.ts'
import { PlanView } from './plan-view.tsx'
import { TroubleView } from '../trouble-view.tsx'
import type { Asked } from '../use-asked.ts'

type AskedFor = Readonly<{
  asked: Asked<Readonly<{ plan: Plan }>>
  /** What takes its time while it is made. */
  asking: string
}>

/** The plan inside a dialog: being made, there, or why it cannot be. */
export function AskedPlan({ asked, asking }: AskedFor) {
  return (
    <div class="asked" aria-live="polite" aria-busy={asked.type === 'asking'}>
      {asked.type === 'asking' && <p class="quiet">{asking}</p>}
      {asked.type === 'refused' && <TroubleView trouble={asked.trouble} />}
      {asked.type === 'answered' && (
        <>
          <p class="asked-title">{asked.answer.plan.title}</p>
          <PlanView plan={asked.answer.plan} />
        </>
      )}
    </div>
  )
}
