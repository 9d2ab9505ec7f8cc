import { useId, useState } from 'preact/hooks'
import type { OrderWish, Routes } from '../../../api/wire/wire.ts'
import type { Expectation } from '../../../../sdk/flag/flag.ts'
import type { FlagView, RollStage } from '../../../api/wire/flags.ts'
import { expectationText } from '../../../words/expectation.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { rollPlans, stagesIn } from '../../state/flags/roll-stages.ts'
import { watchIn } from '../../state/flags/watch-lines.ts'
import { AskedPlan } from '../plan/asked-plan.tsx'
import { Dialog } from '../dialog.tsx'
import { DialogEnd } from '../dialog-end.tsx'
import { useHub } from '../hub.ts'
import { useAsked } from '../use-asked.ts'
import { WhyField } from '../change/why-field.tsx'

type Ask = Readonly<{ view: FlagView; environment: string; onClose: () => void }>

/** Gives a variant to more and more people, stage by stage; stopping it takes it back. */
export function RollDialog({ view, environment, onClose }: Ask) {
  const { api, go } = useHub()
  const variants = Object.keys(view.flag.variants)
  const [serve, setServe] = useState(variants[0] ?? '')
  const [text, setText] = useState<string>(rollPlans[0])
  const [watchText, setWatchText] = useState('')
  const [why, setWhy] = useState('')
  const [planned, plan, forgetPlan] = useAsked<Routes['POST /api/plans']>()
  const [ordered, order] = useAsked<Routes['POST /api/changes']>()
  const [stages, watch] = [stagesIn(text), watchIn(watchText)]
  const rolled = { do: 'roll', environment, flag: view.key, serve, ...wireOf(stages, watch) }
  const wish: OrderWish = { kind: 'flip', wish: rolled, why: why.trim() }
  // A plan is for what was written when it was made.
  const edit = (set: (next: string) => void) => (next: string) => {
    set(next)
    forgetPlan()
  }
  const isPlanned = planned.type === 'answered'
  const isReady = stages !== null && watch !== null && why.trim() !== '' && planned.type !== 'asking'
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
        <WatchField
          always={view.flag.watch ?? []}
          text={watchText}
          isWrong={watch === null}
          onText={edit(setWatchText)}
        />
        <WhyField value={why} onInput={setWhy} hint="what it brings" />
        <AskedPlan asked={planned} asking="Making the plan …" />
        <DialogEnd
          asked={ordered}
          isReady={isReady}
          does={isPlanned ? 'Roll out' : 'Show the plan'}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}

const wireOf = (stages: readonly RollStage[] | null, watch: readonly Expectation[] | null) => ({
  stages: (stages ?? []).map((stage) => ({ ...stage })),
  ...(watch !== null && watch.length > 0 && { watch: watch.map((each) => ({ ...each })) }),
})

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

type Watched = Readonly<{
  /** What the flag itself says. */
  always: readonly Expectation[]
  text: string
  isWrong: boolean
  onText: (text: string) => void
}>

/** While it does not hold no stage follows, and when that stays so the rollout takes itself back. */
function WatchField({ always, text, isWrong, onText }: Watched) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>What must hold meanwhile, a line of PromQL each</label>
      <textarea
        id={id}
        rows={2}
        spellcheck={false}
        placeholder="sum(rate(errors_total[5m])) < 0.5"
        value={text}
        aria-invalid={isWrong}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      {isWrong && <p class="tone-bad state-word">Such as: sum(rate(errors_total[5m])) &lt; 0.5</p>}
      {always.length > 0 && (
        <p class="quiet">Always: {always.map(expectationText).map(plainText).join('; ')}</p>
      )}
    </div>
  )
}
