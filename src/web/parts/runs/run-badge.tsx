import { type RunLook, runMeaningOf, runToneOf } from '../../words/code/run-words.ts'
import { RunShape } from './run-shape.tsx'

/** How a run or a job stands: word, colour and shape together. */
export function RunBadge({ look }: Readonly<{ look: RunLook }>) {
  return (
    <span class={`badge tone-${runToneOf(look)}`} title={runMeaningOf(look)}>
      <RunShape look={look} />
      {look}
    </span>
  )
}
