import { useId, useState } from 'preact/hooks'
import type { AppView, OrderWish, Routes } from '../../../api/wire/wire.ts'
import { AskedPlan } from '../plan/asked-plan.tsx'
import { Dialog } from '../dialog.tsx'
import { DialogEnd } from '../dialog-end.tsx'
import { useHub } from '../hub.ts'
import { useAsked } from '../use-asked.ts'
import { WhyField } from '../change/why-field.tsx'

type Ask = Readonly<{ app: AppView; onClose: () => void }>

/** Asks what to deploy and why, shows the plan, and only then offers to deploy it. */
export function DeployDialog({ app, onClose }: Ask) {
  const { api, go } = useHub()
  const [ref, setRef] = useState('HEAD')
  const [why, setWhy] = useState('')
  const [planned, plan, forgetPlan] = useAsked<Routes['POST /api/plans']>()
  const [ordered, order] = useAsked<Routes['POST /api/changes']>()
  const wish = wishOf(app, ref, why)
  const isPlanned = planned.type === 'answered'
  const submit = async (event: Event) => {
    event.preventDefault()
    if (!isPlanned) return void (await plan(() => api.plan(wish)))
    const answer = await order(() => api.order(wish))
    if (answer !== null) go(`/changes/${answer.id}`)
  }
  const changeRef = (value: string) => {
    setRef(value)
    // A plan is for one ref: another ref needs to be looked at anew.
    forgetPlan()
  }
  return (
    <Dialog title={`Deploy ${app.app} to ${app.environment}`} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <RefField value={ref} onInput={changeRef} />
        <WhyField value={why} onInput={setWhy} hint="what it brings" />
        <AskedPlan asked={planned} asking="Making the plan … a release that is new is built first." />
        <DialogEnd
          asked={ordered}
          isReady={planned.type !== 'asking'}
          does={isPlanned ? `Deploy to ${app.environment}` : 'Show the plan'}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}

/** The wish in the deploy kind's own words. */
const wishOf = (app: AppView, ref: string, why: string): OrderWish => ({
  kind: 'deploy',
  wish: { app: app.app, environment: app.environment, ref: ref.trim() },
  why: why.trim(),
})

function RefField({ value, onInput }: Readonly<{ value: string; onInput: (value: string) => void }>) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>Branch, tag or commit</label>
      <input
        id={id}
        required
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  )
}
