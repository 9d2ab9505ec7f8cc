import { useState } from 'preact/hooks'
import type { ChangeView } from '../../api/wire/wire.ts'
import type { ChangeId } from '../../change/order.ts'
import { isOver } from '../../change/status.ts'
import { ApplyDialog } from '../parts/hosts/apply-dialog.tsx'
import { ChangeFacts } from '../parts/change/change-facts.tsx'
import { Entries } from '../parts/change/entries.tsx'
import { Evidence } from '../parts/change/evidence.tsx'
import { useModel } from '../parts/hub.ts'
import { Link } from '../parts/link.tsx'
import { LogView } from '../parts/change/log-view.tsx'
import { BeforeAfter } from '../parts/metrics/before-after.tsx'
import { PageHead } from '../parts/frame/page-head.tsx'
import { PlanView } from '../parts/plan/plan-view.tsx'
import { ProgressLine } from '../parts/change/progress-line.tsx'
import { RevertDialog } from '../parts/change/revert-dialog.tsx'
import { StageTable } from '../parts/change/stage-table.tsx'
import { StatusBadge } from '../parts/change/status-badge.tsx'
import { StopDialog } from '../parts/change/stop-dialog.tsx'
import { TroubleView } from '../parts/trouble-view.tsx'
import { useOpenChange } from '../parts/change/use-open-change.ts'
import { useTitle } from '../parts/frame/use-title.ts'
import type { OpenChange } from '../state/model.ts'
import { driftedHosts } from '../state/host-history.ts'
import { kindOf } from '../words/kind-words.ts'
import { lookOf, meaningOf } from '../words/status-words.ts'
import { changeTitle } from '../words/title-words.ts'

/** One change, whole: who wanted what, what it will do, how far it is, and what it printed. */
export function ChangePage({ id }: Readonly<{ id: ChangeId }>) {
  const open = useOpenChange(id)
  const change = open?.change ?? null
  useTitle(change === null ? `${id} · Tandem` : changeTitle(change))
  return (
    <article class="change">
      <p class="crumb">
        <Link to="/">Timeline</Link> <span aria-hidden="true">/</span> {id}
      </p>
      {open !== null && change === null && open.trouble !== null && (
        <>
          <PageHead title={`${id} cannot be shown`} />
          <TroubleView trouble={open.trouble} />
        </>
      )}
      {open !== null && change !== null && <Whole open={open} change={change} />}
    </article>
  )
}

function Whole({ open, change }: Readonly<{ open: OpenChange; change: ChangeView }>) {
  const plan = open.detail?.plan ?? null
  const isDrift = kindOf(change) === 'drift'
  return (
    <>
      <PageHead title={change.title}>
        <Actions open={open} change={change} />
      </PageHead>
      <p class="change-status">
        <StatusBadge change={change} />
        <span class="quiet">{isOver(change.status) ? meaningOf(lookOf(change)) : goingOf(open, change)}</span>
      </p>
      <p class="change-why">{change.why}</p>
      <ChangeFacts change={change} plan={plan} />
      <ProgressLine change={change} />
      {change.trouble !== null && <TroubleView trouble={change.trouble} />}
      {plan !== null && (
        <>
          {plan.stages.length > 0 && (
            <section aria-labelledby="stages">
              <h2 id="stages">Stages</h2>
              <StageTable plan={plan} entries={open.entries} />
            </section>
          )}
          <Evidence plan={plan} entries={open.entries} />
          <BeforeAfter change={change} plan={plan} entries={open.entries} />
          <section aria-labelledby="plan">
            <h2 id="plan">{isDrift ? 'What was found' : 'Plan'}</h2>
            <PlanView plan={plan} />
          </section>
        </>
      )}
      {!isDrift && <LogView lines={open.log} leftOut={open.logLeftOut} />}
      <Entries entries={open.entries} />
    </>
  )
}

/** Somebody who has asked it to stop wants to read that this was heard. */
function goingOf(open: OpenChange, change: ChangeView): string {
  const asker = stopAskedBy(open)
  return asker === null || change.status === 'undoing'
    ? meaningOf(lookOf(change))
    : `${asker} asked it to stop; it is put back as soon as the steps that run now have ended`
}

const stopAskedBy = (open: OpenChange): string | null =>
  open.entries.find((entry) => entry.type === 'stop-asked')?.who ?? null

function Actions({ open, change }: Readonly<{ open: OpenChange; change: ChangeView }>) {
  const [asking, ask] = useState<'revert' | 'stop' | 'mend' | null>(null)
  const may = useModel((model) => model.me?.may ?? 'look')
  const kind = kindOf(change)
  const drifted = kind === 'drift' ? driftedHosts(open.detail?.plan ?? null) : []
  const close = () => ask(null)
  return (
    <div class="actions">
      {open.detail?.mayStop === true && stopAskedBy(open) === null && (
        <button type="button" onClick={() => ask('stop')}>
          Stop
        </button>
      )}
      {open.detail?.mayRevert === true && kind !== 'drift' && kind !== 'run' && (
        <button type="button" onClick={() => ask('revert')}>
          Revert
        </button>
      )}
      {may === 'everything' && drifted.length > 0 && (
        <button type="button" onClick={() => ask('mend')}>
          Mend
        </button>
      )}
      {asking === 'mend' && <ApplyDialog on={drifted} name={drifted.join(', ')} drift onClose={close} />}
      {asking === 'revert' && <RevertDialog change={change.id} target={change.target} onClose={close} />}
      {asking === 'stop' && <StopDialog change={change} onClose={close} />}
    </div>
  )
}
