import type { Routes } from '../../../api/wire/wire.ts'
import type { FlagView } from '../../../api/wire/flags.ts'
import { useHub, useModel } from '../hub.ts'
import { TroubleView } from '../trouble-view.tsx'
import { useAsked } from '../use-asked.ts'

/** `isLoud`: it stands alone; a list of loud ones would say nothing. */
type Switch = Readonly<{ view: FlagView; environment: string; isLoud: boolean }>

/** The kill switch: one press, as it is needed in a hurry, and it waits for no rollout. Pressed again, it is as before. */
export function FlagSwitch({ view, environment, isLoud }: Switch) {
  const { api } = useHub()
  const may = useModel((model) => model.me?.may ?? 'look')
  const [ordered, order] = useAsked<Routes['POST /api/changes']>()
  const { key, flag } = view
  if (may !== 'everything') return null
  const turn = (on: boolean) =>
    order(() =>
      api.order({
        kind: 'flip',
        wish: { do: 'switch', environment, flag: key, on },
        why: `switched ${on ? 'on' : 'off'} in the dashboard`,
      }),
    )
  return (
    <>
      <button
        type="button"
        class={`row-button ${flag.on && isLoud ? 'danger' : ''}`}
        aria-label={flag.on ? `Kill ${key}` : `Switch ${key} on`}
        disabled={ordered.type === 'asking'}
        onClick={() => void turn(!flag.on)}
      >
        {flag.on ? 'Kill' : 'Switch on'}
      </button>
      {ordered.type === 'refused' && <TroubleView trouble={ordered.trouble} />}
    </>
  )
}
