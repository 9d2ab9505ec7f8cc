import { useState } from 'preact/hooks'
import type { CommitPlan, CommitView } from '../../../api/wire/code.ts'
import { ApplyDialog } from '../hosts/apply-dialog.tsx'
import { useModel } from '../hub.ts'

type What = Readonly<{ plan: Pick<CommitPlan, 'state' | 'isEmpty'>; commit: CommitView }>

/** Applies exactly this commit of the infrastructure, where it would do something. */
export function ApplyCommit({ plan, commit }: What) {
  const [isAsking, ask] = useState(false)
  const may = useModel((model) => model.me?.may ?? 'look')
  if (may !== 'everything' || plan.state !== 'planned' || plan.isEmpty) return null
  const { hash, subject } = commit
  return (
    <>
      <button type="button" class="primary" onClick={() => ask(true)}>
        Apply
      </button>
      {isAsking && (
        <ApplyDialog
          on={[]}
          name="all hosts"
          drift={false}
          commit={{ hash, subject }}
          onClose={() => ask(false)}
        />
      )}
    </>
  )
}
