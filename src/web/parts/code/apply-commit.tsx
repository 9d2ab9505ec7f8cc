import { useState } from 'preact/hooks'
import type { CommitView } from '../../../api/wire-code.ts'
import { ApplyDialog } from '../apply-dialog.tsx'
import { useModel } from '../hub.ts'

/** Applies the infrastructure, where this commit is what the hub would apply now: the head of its trunk. */
export function ApplyCommit({ repo, commit }: Readonly<{ repo: string; commit: CommitView }>) {
  const [isAsking, ask] = useState(false)
  const isOffered = useModel(({ repos, me }) => {
    const view = repos?.find((one) => one.repo === repo)
    return me?.may === 'everything' && view?.isInfra === true && view.head?.hash === commit.hash
  })
  if (!isOffered) return null
  return (
    <>
      <button type="button" class="primary" onClick={() => ask(true)}>
        Apply
      </button>
      {isAsking && <ApplyDialog on={[]} name="all hosts" drift={false} onClose={() => ask(false)} />}
    </>
  )
}
