import { useState } from 'preact/hooks'
import type { CommitView } from '../../../api/wire/code.ts'
import { ApplyDialog } from '../hosts/apply-dialog.tsx'
import { useModel } from '../hub.ts'

type What = Readonly<{ commit: Pick<CommitView, 'hash' | 'subject'>; isInRow?: boolean }>

/** Applies exactly this commit of the infrastructure to all hosts, for who may. */
export function ApplyCommit({ commit, isInRow = false }: What) {
  const [isAsking, ask] = useState(false)
  const may = useModel((model) => model.me?.may ?? 'look')
  if (may !== 'everything') return null
  return (
    <>
      <button type="button" class={isInRow ? 'primary row-button' : 'primary'} onClick={() => ask(true)}>
        Apply
      </button>
      {isAsking && (
        <ApplyDialog on={[]} name="all hosts" drift={false} commit={commit} onClose={() => ask(false)} />
      )}
    </>
  )
}
