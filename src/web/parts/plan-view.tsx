import type { Plan, PlanLine } from '../../change/plan.ts'

/** What a change will do, as a person reads it before saying yes. */
export function PlanView({ plan }: Readonly<{ plan: Plan }>) {
  const lasting = plan.stages
    .flatMap((stage) => stage.steps)
    .flatMap((step) => (step.cannotUndo === null ? [] : [`${step.id} cannot be undone: ${step.cannotUndo}`]))
  const warnings = [...plan.warnings, ...lasting]
  return (
    <div class="plan">
      {warnings.length > 0 && (
        <ul class="warnings" aria-label="warnings">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      {plan.lines.length === 0 ? (
        <p class="quiet">nothing to change</p>
      ) : (
        <ol class="plan-lines" aria-label="what will change">
          {plan.lines.map((line, index) => (
            <Line key={index} line={line} />
          ))}
        </ol>
      )}
      {plan.fenced.length > 0 && (
        <p class="quiet">could not be reached, healed when back: {plan.fenced.join(', ')}</p>
      )}
    </div>
  )
}

const names: Readonly<Record<PlanLine['mark'], string>> = {
  '+': 'comes',
  '-': 'goes',
  '~': 'altered',
  ' ': 'stays',
}

function Line({ line }: Readonly<{ line: PlanLine }>) {
  return (
    <li class={`plan-line ${names[line.mark]}`}>
      <span class="plan-mark" aria-hidden="true">
        {line.mark}
      </span>
      <span class="unseen">{names[line.mark]}: </span>
      <span class="plan-text">{line.text}</span>
    </li>
  )
}
