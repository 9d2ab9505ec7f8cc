import type { ChangeView } from '../../../api/wire/wire.ts'
import { Dialog } from '../dialog.tsx'
import { DialogEnd } from '../dialog-end.tsx'
import { useHub } from '../hub.ts'
import { useAsked } from '../use-asked.ts'

type Ask = Readonly<{ change: ChangeView; onClose: () => void }>

/** Says what stopping an open change will do, and asks it to stop. */
export function StopDialog({ change, onClose }: Ask) {
  const { api } = useHub()
  const [asked, ask] = useAsked<Readonly<{ ok: true }>>()
  const isUntouched = change.status === 'waiting' || change.status === 'planning'
  const submit = async (event: Event) => {
    event.preventDefault()
    if ((await ask(() => api.stop(change.id))) !== null) onClose()
  }
  return (
    <Dialog title={`Stop ${change.id}?`} onClose={onClose}>
      <p>
        {isUntouched
          ? `${change.id} has not touched anything yet. It is withdrawn, and ${change.target} stays as it is.`
          : `The steps of ${change.id} that run now are brought to their end. Then everything it did on ${change.target} is put back, newest first.`}
      </p>
      <form onSubmit={(event) => void submit(event)}>
        <DialogEnd
          asked={asked}
          isReady
          does={isUntouched ? 'Withdraw it' : 'Stop and put back'}
          isDanger
          leaves="Let it go on"
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}
