import { useEffect, useState } from 'preact/hooks'
import type { ChangeId } from '../../../change/order.ts'
import type { Routes } from '../../../api/wire/wire.ts'
import { AskedPlan } from '../plan/asked-plan.tsx'
import { Dialog } from '../dialog.tsx'
import { DialogEnd } from '../dialog-end.tsx'
import { useHub } from '../hub.ts'
import { useAsked } from '../use-asked.ts'
import { WhyField } from './why-field.tsx'

type Ask = Readonly<{ change: ChangeId; target: string; onClose: () => void }>

/** Says what taking a change back will do, asks why, and orders it. */
export function RevertDialog({ change, target, onClose }: Ask) {
  const { api, go } = useHub()
  const [why, setWhy] = useState('')
  const [planned, plan] = useAsked<Routes['POST /api/reverts/plan']>()
  const [ordered, order] = useAsked<Routes['POST /api/reverts']>()
  useEffect(() => {
    void plan(() =>
      api.planRevert({ change, target: null, why: `look at what reverting ${change} would do` }),
    )
  }, [api, change, plan])
  const submit = async (event: Event) => {
    event.preventDefault()
    const answer = await order(() => api.revert({ change, target: null, why: why.trim() }))
    if (answer !== null) go(`/changes/${answer.id}`)
  }
  return (
    <Dialog title={`Revert ${change}?`} onClose={onClose}>
      <p>
        This orders a new change on <strong>{target}</strong> that takes {change} back. It is recorded and
        announced under your name, and can itself be reverted.
      </p>
      <AskedPlan asked={planned} asking="Making the plan … a release that is new is built first." />
      <form onSubmit={(event) => void submit(event)}>
        <WhyField value={why} onInput={setWhy} hint="what is wrong with it" />
        <DialogEnd
          asked={ordered}
          isReady={planned.type === 'answered' && why.trim() !== ''}
          does={`Revert ${change}`}
          isDanger
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}
