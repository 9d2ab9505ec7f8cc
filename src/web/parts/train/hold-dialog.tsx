import { useId, useState } from 'preact/hooks'
import type { CodeRoutes } from '../../../api/wire/code.ts'
import { Dialog } from '../dialog.tsx'
import { DialogEnd } from '../dialog-end.tsx'
import { useHub, useModel } from '../hub.ts'
import { useAsked } from '../use-asked.ts'
import { WhyField } from '../change/why-field.tsx'

const hour = 3_600_000

const spans: readonly Readonly<{ name: string; ms: number | null }>[] = [
  { name: 'until somebody releases it', ms: null },
  { name: 'for 1 hour', ms: hour },
  { name: 'for 4 hours', ms: 4 * hour },
  { name: 'for 1 day', ms: 24 * hour },
]

type Ask = Readonly<{ onHeld: () => void; onClose: () => void }>

/** Holds a target back: nothing goes out there by itself until it is released. */
export function HoldDialog({ onHeld, onClose }: Ask) {
  const { api } = useHub()
  const targets = useModel(({ status }) => status?.apps.map(({ target }) => target).join(' ') ?? '')
  const names = [...targets.split(' ').filter((name) => name !== ''), 'infra']
  const [target, setTarget] = useState(names[0] ?? 'infra')
  const [span, setSpan] = useState(0)
  const [why, setWhy] = useState('')
  const [held, hold] = useAsked<CodeRoutes['POST /api/holds']>()
  const [targetId, spanId] = [useId(), useId()]
  const submit = async (event: Event) => {
    event.preventDefault()
    const ms = spans[span]?.ms ?? null
    const answer = await hold(() => api.hold(target, why.trim(), ms === null ? null : Date.now() + ms))
    if (answer === null) return
    onHeld()
    onClose()
  }
  return (
    <Dialog title="Hold back" onClose={onClose}>
      <p class="quiet">Nothing goes out there by itself meanwhile; people can still deploy by hand.</p>
      <form onSubmit={(event) => void submit(event)}>
        <div class="field">
          <label for={targetId}>Target</label>
          <select id={targetId} value={target} onChange={(event) => setTarget(event.currentTarget.value)}>
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for={spanId}>How long</label>
          <select
            id={spanId}
            value={String(span)}
            onChange={(event) => setSpan(Number(event.currentTarget.value))}
          >
            {spans.map(({ name }, nth) => (
              <option key={name} value={String(nth)}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <WhyField value={why} onInput={setWhy} hint="what everybody should wait for" />
        <DialogEnd asked={held} isReady={why.trim() !== ''} does={`Hold ${target}`} onClose={onClose} />
      </form>
    </Dialog>
  )
}
