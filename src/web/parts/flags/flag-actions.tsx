import { useState } from 'preact/hooks'
import type { FlagView } from '../../../api/wire/flags.ts'
import type { ChangeId } from '../../../change/order.ts'
import { useModel } from '../hub.ts'
import { EditDialog } from './edit-dialog.tsx'
import { FlagSwitch } from './flag-switch.tsx'
import { RollDialog } from './roll-dialog.tsx'

type Acts = Readonly<{ view: FlagView; environment: string; rolling: ChangeId | null }>

/** What can be done with a flag by who may. While it is rolled out, only the switch: an edit would be refused. */
export function FlagActions({ view, environment, rolling }: Acts) {
  const may = useModel((model) => model.me?.may ?? 'look')
  const [asking, ask] = useState<'edit' | 'roll' | null>(null)
  if (may !== 'everything') return null
  const close = () => ask(null)
  return (
    <div class="actions">
      {rolling === null && (
        <>
          <button type="button" onClick={() => ask('edit')}>
            Edit …
          </button>
          <button type="button" onClick={() => ask('roll')}>
            Roll out …
          </button>
        </>
      )}
      <FlagSwitch view={view} environment={environment} isLoud />
      {asking === 'edit' && <EditDialog view={view} environment={environment} onClose={close} />}
      {asking === 'roll' && <RollDialog view={view} environment={environment} onClose={close} />}
    </div>
  )
}
