import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { OrderWish, Routes } from '../../../api/wire.ts'
import type { FlagView } from '../../../api/wire-flags.ts'
import type { Json } from '../../../change/json.ts'
import type { Flag } from '../../../../sdk/flag/flag.ts'
import { AskedPlan } from '../asked-plan.tsx'
import { Dialog } from '../dialog.tsx'
import { useHub } from '../hub.ts'
import { TroubleView } from '../trouble-view.tsx'
import { useAsked } from '../use-asked.ts'
import { WhyField } from '../why-field.tsx'
import { ReachNote } from './reach-note.tsx'

type Save = Readonly<{
  title: string
  view: FlagView
  environment: string
  /** The flag as it is wanted; null while what is written is none. */
  wanted: Flag | null
  onClose: () => void
  children: ComponentChildren
}>

const restMs = 250

/** Shows what an edit makes of a flag and whom it reaches, asks why, and orders it, made on the flag as it was seen. */
export function SaveFlag({ title, view, environment, wanted, onClose, children }: Save) {
  const { api, go } = useHub()
  const [why, setWhy] = useState('')
  const [planned, plan, forgetPlan] = useAsked<Routes['POST /api/plans']>()
  const [ordered, order] = useAsked<Routes['POST /api/changes']>()
  const text = wanted === null ? '' : JSON.stringify(wanted)
  const wish = (reason: string): OrderWish => wishOf({ environment, view, wanted, why: reason })
  useEffect(() => {
    if (text === '') return forgetPlan()
    const timer = setTimeout(() => void plan(() => api.plan(wish('look at what it would do'))), restMs)
    return () => clearTimeout(timer)
  }, [api, plan, forgetPlan, text])
  const submit = async (event: Event) => {
    event.preventDefault()
    const answer = await order(() => api.order(wish(why.trim())))
    if (answer !== null) go(`/changes/${answer.id}`)
  }
  const isReady = planned.type === 'answered' && planned.answer.plan.stages.length > 0
  return (
    <Dialog title={title} isWide onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        {children}
        {wanted !== null && <ReachNote flag={view.key} environment={environment} wanted={wanted} />}
        <WhyField value={why} onInput={setWhy} hint="what it is for" />
        <AskedPlan asked={planned} asking="Looking at what becomes another …" />
        {ordered.type === 'refused' && <TroubleView trouble={ordered.trouble} />}
        <div class="dialog-buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            class="primary"
            disabled={!isReady || ordered.type === 'asking' || why.trim() === ''}
          >
            Save
          </button>
        </div>
      </form>
    </Dialog>
  )
}

type Edit = Readonly<{ environment: string; view: FlagView; wanted: Flag | null; why: string }>

/** The wish in the flip kind's own words; the rev says on what it was made. */
const wishOf = ({ environment, view, wanted, why }: Edit): OrderWish => ({
  kind: 'flip',
  wish: {
    do: 'write',
    environment,
    items: [{ flag: view.key, to: wanted as unknown as Json, base: view.rev }],
  },
  why,
})
