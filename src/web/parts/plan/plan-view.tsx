import { type Plan, stepsOf } from '../../../change/plan.ts'
import { blocksOf, type PlanBlock } from '../../state/plan-blocks.ts'
import { FoldedLines } from './folded-lines.tsx'
import { PlanLineView } from './plan-line-view.tsx'

/** What a change will do, as a person reads it before saying yes. */
export function PlanView({ plan }: Readonly<{ plan: Plan }>) {
  const blocks = blocksOf(plan.lines)
  const warnings = [...plan.warnings, ...lastingSteps(plan), ...lastingThings(blocks)]
  return (
    <div class="plan">
      {warnings.length > 0 && (
        <ul class="warnings" aria-label="warnings">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      {blocks.length === 0 ? (
        <p class="quiet">nothing to change</p>
      ) : (
        <ol class="plan-lines" aria-label="what will change">
          {blocks.map((block, index) => (
            <Block key={index} block={block} />
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
function lastingSteps(plan: Plan): readonly string[] {
  const steps = stepsOf(plan).filter((step) => step.cannotUndo !== null)
  return [...Map.groupBy(steps, (step) => step.cannotUndo)].map(
    ([reason, same]) => `cannot be undone: ${same.map(({ id }) => id).join(', ')}. ${reason}`,
  )
}

const lastingThings = (blocks: readonly PlanBlock[]): readonly string[] => [
  ...new Set(
    blocks.flatMap((block) =>
      block.type === 'thing' && block.lasting !== null ? [`cannot be undone: ${block.head.text}`] : [],
    ),
  ),
]

function Block({ block }: Readonly<{ block: PlanBlock }>) {
  switch (block.type) {
    case 'hosts':
      return <li class="plan-hosts">{block.names}</li>
    case 'thing':
      return (
        <li class="plan-thing">
          <PlanLineView line={block.head} as="div">
            {block.at !== null && <span class="plan-at">{block.at}</span>}
          </PlanLineView>
          <FoldedLines lines={block.inside} />
          {block.lasting !== null && <p class="plan-lasting">cannot be undone: {block.lasting}</p>}
        </li>
      )
  }
}
