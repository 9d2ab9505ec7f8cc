import { useId, useState } from 'preact/hooks'
import type { CodeRoutes } from '../../../api/wire/code.ts'
import { treeAddress } from '../../state/code/route.ts'
import { Dialog } from '../dialog.tsx'
import { DialogEnd } from '../dialog-end.tsx'
import { useHub } from '../hub.ts'
import { useAsked } from '../use-asked.ts'

/** Makes a repository, and leads to it. */
export function NewRepoDialog({ onClose }: Readonly<{ onClose: () => void }>) {
  const { api, store, go } = useHub()
  const [name, setName] = useState('')
  const [made, make] = useAsked<CodeRoutes['POST /api/repos']>()
  const id = useId()
  const submit = async (event: Event) => {
    event.preventDefault()
    const answer = await make(() => api.makeRepo(name.trim()))
    if (answer === null) return
    const others = (store.read().repos ?? []).filter(({ repo }) => repo !== answer.repo.repo)
    store.tell({ type: 'repos came', repos: [...others, answer.repo] })
    go(treeAddress(answer.repo.repo, null, ''))
  }
  return (
    <Dialog title="New repository" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <div class="field">
          <label for={id}>Name</label>
          <input
            id={id}
            required
            autoComplete="off"
            autoCapitalize="off"
            spellcheck={false}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </div>
        <p class="quiet">It is written into tandem.ts in the folder of the hub. Commit it there.</p>
        <DialogEnd asked={made} isReady={name.trim() !== ''} does="Make it" onClose={onClose} />
      </form>
    </Dialog>
  )
}
