import type { CommitPlan, CommitView } from '../../../api/wire/code.ts'
import type { Tone } from '../../words/status-words.ts'
import { useHub, useModel } from '../hub.ts'
import { PlanView } from '../plan/plan-view.tsx'
import { TroubleView } from '../trouble-view.tsx'
import { useAsked } from '../use-asked.ts'
import { When } from '../when.tsx'
import { ApplyCommit } from './apply-commit.tsx'
import { CopyButton } from './copy-button.tsx'

type Shown = Readonly<{ repo: string; commit: CommitView; plan: CommitPlan }>

const tones: Readonly<Record<CommitPlan['state'], Tone>> = {
  waiting: 'busy',
  looking: 'busy',
  planned: 'good',
  broken: 'bad',
  'passed by': 'quiet',
  'left out': 'care',
}

/** What a commit of the infrastructure would do to the hosts, and the button that does it. */
export function CommitPlanView({ repo, commit, plan }: Shown) {
  return (
    <section aria-labelledby="plan">
      <h2 id="plan">Plan</h2>
      <p class={`commit-plan tone-${tones[plan.state]}`}>
        <span class="state-word">{plan.state}</span>{' '}
        <span>{plan.trouble === null ? plan.text : 'there can be no plan of it'}</span>{' '}
        <span class="quiet">
          <When at={plan.at} />
        </span>
      </p>
      {plan.trouble !== null && <TroubleView trouble={plan.trouble} />}
      {plan.state === 'planned' && <PlanView plan={wholeOf(plan)} />}
      {plan.cut > 0 && (
        <p class="quiet">
          … {plan.cut} more lines: <code>tandem plan --commit {plan.commit.slice(0, 12)}</code>
        </p>
      )}
      <div class="actions">
        {plan.state === 'planned' && !plan.isEmpty && <ApplyCommit commit={commit} />}
        <AgainButton repo={repo} commit={commit.hash} />
        {plan.next !== null && <Next next={plan.next} />}
      </div>
    </section>
  )
}

/** A command is for copying; that it goes by itself is for reading. */
function Next({ next }: Readonly<{ next: string }>) {
  if (!next.startsWith('tandem ')) return <span class="quiet">{next}</span>
  return (
    <span class="hashes">
      <code>{next}</code>
      <CopyButton text={next} name="the command" />
    </span>
  )
}

function AgainButton({ repo, commit }: Readonly<{ repo: string; commit: string }>) {
  const { api } = useHub()
  const may = useModel((model) => model.me?.may ?? 'look')
  const [asked, ask] = useAsked()
  if (may !== 'everything') return null
  return (
    <>
      <button
        type="button"
        disabled={asked.type === 'asking'}
        onClick={() => void ask(() => api.planAgain(repo, commit))}
      >
        Look again
      </button>
      {asked.type === 'refused' && <TroubleView trouble={asked.trouble} />}
    </>
  )
}

/** As a plan that was made for a change, so that it is read in the same way. */
const wholeOf = ({ text, lines, warnings, away }: CommitPlan) => ({
  title: text,
  lines,
  warnings,
  stages: [],
  settle: [],
  fenced: away,
  outcome: null,
})
