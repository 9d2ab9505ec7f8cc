import { useState } from 'preact/hooks'
import { ApplyDialog } from './apply-dialog.tsx'
import { useModel } from '../hub.ts'
import type { Look } from './use-look.ts'

type Actions = Readonly<{
  /** Roles, groups and hosts; none = all that have a recipe. */
  on: readonly string[]
  /** What they are called together. */
  name: string
  look: Look
}>

/** Look now, for everybody, as it changes nothing; apply, for who may. */
export function HostActions({ on, name, look }: Actions) {
  const may = useModel((model) => model.me?.may ?? 'look')
  const [isAsking, ask] = useState(false)
  const isLooking = look.asked.type === 'asking'
  return (
    <>
      <button type="button" disabled={isLooking} onClick={look.look}>
        {isLooking ? 'Looking …' : 'Look now'}
      </button>
      {may === 'everything' && (
        <button type="button" class="primary" onClick={() => ask(true)}>
          Apply
        </button>
      )}
      {isAsking && <ApplyDialog on={on} name={name} drift={false} onClose={() => ask(false)} />}
    </>
  )
}
