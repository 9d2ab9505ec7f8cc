import { type Plan, type PlanLine, stepsOf } from '../../change/plan.ts'

/** What a change will do, as a person reads it before saying yes. */
export function PlanView({ plan }: Readonly<{ plan: Plan }>) {
  const warnings = [...plan.warnings, ...lastingOf(plan)]
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

/** What cannot be undone, once per reason and not once per host. */
function lastingOf(plan: Plan): readonly string[] {
  const steps = stepsOf(plan).filter((step) => step.cannotUndo !== null)
  return [...Map.groupBy(steps, (step) => step.cannotUndo)].map(
    ([reason, same]) => `cannot be undone: ${same.map(({ id }) => id).join(', ')}. ${reason}`,
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
