import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { OrderWish, Routes } from '../../../api/wire/wire.ts'
import type { FlipItem } from '../../../api/wire/flags.ts'
import type { Json } from '../../../change/json.ts'
import { AskedPlan } from '../plan/asked-plan.tsx'
import { Dialog } from '../dialog.tsx'
import { DialogEnd } from '../dialog-end.tsx'
import { useHub } from '../hub.ts'
import { useAsked } from '../use-asked.ts'
import { WhyField } from '../change/why-field.tsx'

type Save = Readonly<{
  title: string
  environment: string
  /** The definition as it is wanted, and on what it was made; null while what is written is none. */
  item: FlipItem | null
  onClose: () => void
  children: ComponentChildren
}>

const restMs = 250

/** Shows what an edit makes of a definition, asks why, and orders it, made on the definition as it was seen. */
export function SaveDefinition({ title, environment, item, onClose, children }: Save) {
  const { api, go } = useHub()
  const [why, setWhy] = useState('')
  const [planned, plan, forgetPlan] = useAsked<Routes['POST /api/plans']>()
  const [ordered, order] = useAsked<Routes['POST /api/changes']>()
  const text = item === null ? '' : JSON.stringify(item)
  const wish = (reason: string): OrderWish => ({
    kind: 'flip',
    wish: { do: 'write', environment, items: [item as unknown as Json] },
    why: reason,
  })
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
  const isReady = text !== '' && planned.type === 'answered' && planned.answer.plan.stages.length > 0
  return (
    <Dialog title={title} isWide onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        {children}
        <WhyField value={why} onInput={setWhy} hint="what it is for" />
        <AskedPlan asked={planned} asking="Looking at what becomes another …" />
        <DialogEnd asked={ordered} isReady={isReady && why.trim() !== ''} does="Save" onClose={onClose} />
      </form>
    </Dialog>
  )
}
