import type { PlanLine } from '../../../change/plan.ts'
import { tallyOf } from '../../state/plan-blocks.ts'
import { PlanLineView } from './plan-line-view.tsx'

/** What fits beside other things on a page; a longer diff is opened by who wants to read it. */
const mostOpen = 12

/** What comes, goes and is altered inside of one thing. */
export function FoldedLines({ lines }: Readonly<{ lines: readonly PlanLine[] }>) {
  if (lines.length === 0) return null
  if (lines.length <= mostOpen) return <Lines lines={lines} />
  return (
    <details class="plan-fold">
      <summary>{tallyOf(lines)}</summary>
      <Lines lines={lines} />
    </details>
  )
}

const Lines = ({ lines }: Readonly<{ lines: readonly PlanLine[] }>) => (
  <ol class="plan-inside">
    {lines.map((line, index) => (
      <PlanLineView key={index} line={line} as="li" />
    ))}
  </ol>
)
