import type { CommitPlan } from '../../api/wire/code.ts'
import { paintFor, tame } from '../../words/paint.ts'
import { troubleText } from '../../words/trouble.ts'
import { type Said, said } from './said.ts'

const linesShown = 30
const paint = paintFor({ hasColour: false })

/** Whether there is nothing more to come. */
export const isMade = ({ state }: CommitPlan): boolean => state !== 'waiting' && state !== 'looking'

/** What a pushed commit would do to the hosts, for who pushed it; nothing while they are looked at. */
export function planWords(repo: string, plan: CommitPlan): readonly Said[] {
  const { state, text, trouble, warnings, commit, next } = plan
  if (!isMade(plan)) return []
  if (trouble !== null)
    return [said('plan', 'there is no plan of it:', ...troubleText(trouble, paint).split('\n'))]
  if (state !== 'planned') return [said('plan', tame(text))]
  const lines = plan.lines.slice(0, linesShown).map(({ mark, text: line }) => `  ${mark} ${tame(line)}`)
  const left = plan.lines.length - lines.length + plan.cut
  return [
    said(
      'plan',
      `plan: ${tame(text)}`,
      ...warnings.map((warning) => `  ! ${tame(warning)}`),
      ...lines,
      ...(left === 0
        ? []
        : [`  … ${left} more lines: \`tandem repo commit ${repo} ${commit.slice(0, 12)}\``]),
      ...(next === null ? [] : [`  now   ${next.startsWith('tandem ') ? `\`${next}\` does it` : next}`]),
    ),
  ]
}
