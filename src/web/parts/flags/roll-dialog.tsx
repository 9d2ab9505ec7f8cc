import { useId, useState } from 'preact/hooks'
import type { OrderWish, Routes } from '../../../api/wire.ts'
import type { FlagView, RollStage } from '../../../api/wire-flags.ts'
import { rollPlans, stagesIn } from '../../state/flags/roll-stages.ts'
import { AskedPlan } from '../asked-plan.tsx'
import { Dialog } from '../dialog.tsx'
import { useHub } from '../hub.ts'
import { TroubleView } from '../trouble-view.tsx'
import { useAsked } from '../use-asked.ts'
import { WhyField } from '../why-field.tsx'

type Ask = Readonly<{ view: FlagView; environment: string; onClose: () => void }>

/** Gives a variant to more and more people, stage by stage; stopping it takes it back. */
export function RollDialog({ view, environment, onClose }: Ask) {
  const { api, go } = useHub()
  const variants = Object.keys(view.flag.variants)
  const [serve, setServe] = useState(variants[0] ?? '')
  const [text, setText] = useState<string>(rollPlans[0])
  const [why, setWhy] = useState('')
  const [planned, plan, forgetPlan] = useAsked<Routes['POST /api/plans']>()
  const [ordered, order] = useAsked<Routes['POST /api/changes']>()
  const stages = stagesIn(text)
  const rolled = { do: 'roll', environment, flag: view.key, serve, stages: wireOf(stages) }
  const wish: OrderWish = { kind: 'flip', wish: rolled, why: why.trim() }
  // A plan is for what was written when it was made.
  const edit = (set: (next: string) => void) => (next: string) => {
    set(next)
    forgetPlan()
  }
  const isPlanned = planned.type === 'answered'
  const submit = async (event: Event) => {
    event.preventDefault()
    if (!isPlanned) return void (await plan(() => api.plan(wish)))
    const answer = await order(() => api.order(wish))
    if (answer !== null) go(`/changes/${answer.id}`)
  }
  return (
    <Dialog title={`Roll out ${view.key} in ${environment}`} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <RollFields
          variants={variants}
          serve={serve}
          text={text}
          isWrong={stages === null}
          onServe={edit(setServe)}
          onText={edit(setText)}
        />
        <WhyField value={why} onInput={setWhy} hint="what it brings" />
        <AskedPlan asked={planned} asking="Making the plan …" />
        {ordered.type === 'refused' && <TroubleView trouble={ordered.trouble} />}
        <div class="dialog-buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            class="primary"
            disabled={
              stages === null || why.trim() === '' || planned.type === 'asking' || ordered.type === 'asking'
            }
          >
            {isPlanned ? 'Roll out' : 'Show the plan'}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

const wireOf = (stages: readonly RollStage[] | null) => (stages ?? []).map((stage) => ({ ...stage }))

type Fields = Readonly<{
  variants: readonly string[]
  serve: string
  text: string
  isWrong: boolean
  onServe: (serve: string) => void
  onText: (text: string) => void
}>

function RollFields({ variants, serve, text, isWrong, onServe, onText }: Fields) {
  const [variantId, stagesId, plansId] = [useId(), useId(), useId()]
  return (
    <>
      <div class="field">
        <label for={variantId}>What people get</label>
        <select id={variantId} value={serve} onChange={(event) => onServe(event.currentTarget.value)}>
          {variants.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for={stagesId}>Stages, and how long each is looked at</label>
        <input
          id={stagesId}
          list={plansId}
          autoComplete="off"
          value={text}
          aria-invalid={isWrong}
          onInput={(event) => onText(event.currentTarget.value)}
        />
        <datalist id={plansId}>
          {rollPlans.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        {isWrong && <p class="tone-bad state-word">Such as: 1% 10m, 10% 1h, 100%</p>}
      </div>
    </>
  )
}
