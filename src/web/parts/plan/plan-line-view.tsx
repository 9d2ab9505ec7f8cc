import type { ComponentChildren } from 'preact'
import type { PlanLine } from '../../../change/plan.ts'

const names: Readonly<Record<PlanLine['mark'], string>> = {
  '+': 'comes',
  '-': 'goes',
  '~': 'altered',
  ' ': 'stays',
}

type Line = Readonly<{ line: PlanLine; as: 'li' | 'div'; children?: ComponentChildren }>

/** One line of a plan: its mark by colour, by sign, and by a word for who hears it. */
export function PlanLineView({ line, as: Box, children }: Line) {
  return (
    <Box class={`plan-line ${names[line.mark]}`}>
      <span class="plan-mark" aria-hidden="true">
        {line.mark}
      </span>
      {line.mark !== ' ' && <span class="unseen">{names[line.mark]}: </span>}
      <span class="plan-text">{line.text}</span>
      {children}
    </Box>
  )
}
