import type { Plan } from '../../../change/plan.ts'
import type { Entry } from '../../../change/entry.ts'
import {
  hostsOf,
  type StageProgress,
  stagesOf,
  type StageState,
  type StepProgress,
} from '../../state/stages.ts'
import { tookWords } from '../../words/time-words.ts'
import { StepShape } from './step-shape.tsx'

/** Stages side by side, hosts below each other, and in each cell the steps of that host in that stage. */
export function StageTable({ plan, entries }: Readonly<{ plan: Plan; entries: readonly Entry[] }>) {
  const stages = stagesOf(plan, entries)
  const hosts = [...new Set(stages.flatMap(hostsOf))]
  return (
    <div class="stages-scroll">
      <table class="stages stacking">
        <thead>
          <tr>
            <th scope="col">Host</th>
            {stages.map((stage) => (
              <th key={stage.name} scope="col">
                <StageHead stage={stage} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {hosts.map((host) => (
            <tr key={host ?? ''}>
              <th scope="row">{host ?? 'hub'}</th>
              {stages.map((stage) => (
                <td key={stage.name} data-label={stage.name}>
                  <Steps steps={stage.steps.filter(({ step }) => step.host === host)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const stageTone: Readonly<Record<StageState, string>> = {
  waiting: 'quiet',
  running: 'busy',
  watching: 'busy',
  done: 'good',
  failed: 'bad',
  undone: 'care',
  'not reached': 'quiet',
}

function StageHead({ stage }: Readonly<{ stage: StageProgress }>) {
  return (
    <span class={`stage-head tone-${stageTone[stage.state]}`}>
      <span class="stage-name">{stage.name}</span>
      <span class="stage-state">
        {stage.state === 'watching' && stage.watchForMs !== null
          ? `watching for ${tookWords(stage.watchForMs)}`
          : stage.state}
      </span>
    </span>
  )
}

function Steps({ steps }: Readonly<{ steps: readonly StepProgress[] }>) {
  if (steps.length === 0) return <span class="no-steps">–</span>
  return (
    <ul class="steps">
      {steps.map((progress) => (
        <li key={progress.step.id} class={`step step-${progress.state.replace(' ', '-')}`}>
          <StepShape state={progress.state} />
          <span class="step-name">{nameOf(progress)}</span>
          <span class="step-state">{stateWords(progress)}</span>
        </li>
      ))}
    </ul>
  )
}

/** `switch h1` in the row of h1 is just `switch`. */
function nameOf({ step }: StepProgress): string {
  const suffix = step.host === null ? '' : ` ${step.host}`
  return suffix !== '' && step.id.endsWith(suffix) ? step.id.slice(0, -suffix.length) : step.id
}

function stateWords({ state, hasFailed, startedAt, endedAt }: StepProgress): string {
  if (hasFailed && state !== 'failed') return `failed, ${state}`
  if (state === 'done' && startedAt !== null && endedAt !== null) return tookWords(endedAt - startedAt)
  return state
}
