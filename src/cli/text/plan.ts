import type { Plan, PlanLine, Step } from '../../change/plan.ts'
import { stepName } from '../follow/progress.ts'
import { type Paint, tame } from '../../words/paint.ts'
import { took } from '../../words/time.ts'

const tones = { '+': 'good', '-': 'bad', '~': 'care', ' ': 'dim' } as const
const hostsNamed = 6

/** A plan as a person reads it before saying yes. */
export function planText(plan: Plan, paint: Paint): string {
  return `${paint.bold(tame(plan.title))}\n${planBody(plan, paint)}`
}

/** The same without its title: what it changes, its stages, and what to beware of. */
export function planBody(plan: Plan, paint: Paint): string {
  const settle = plan.settle.length === 0 ? [] : [{ name: 'settle', steps: plan.settle, watch: null }]
  const warnings = [
    ...plan.warnings,
    ...plan.stages.flatMap((stage) => stage.steps).flatMap((step) => cannotUndo(step)),
    ...plan.fenced.map((host) => `${host} cannot be reached: it is healed when it returns`),
  ]
  return [
    ...plan.lines.map((line) => lineText(line, paint)),
    '',
    ...[...plan.stages, ...settle].map((stage, at) => stageText(stage, at, paint)),
    ...warnings.map((warning) => paint.care(`! ${tame(warning)}`)),
  ].join('\n')
}

const cannotUndo = (step: Step): readonly string[] =>
  step.cannotUndo === null ? [] : [`${step.id} cannot be undone: ${step.cannotUndo}`]

export function lineText({ mark, text }: PlanLine, paint: Paint): string {
  return paint[tones[mark]](`  ${mark} ${tame(text)}`)
}

type StageLike = Pick<Plan['stages'][number], 'name' | 'steps' | 'watch'>

function stageText({ name, steps, watch }: StageLike, at: number, paint: Paint): string {
  const does = [...new Set(steps.map((step) => stepName(step)))].join(', ')
  const hosts = [...new Set(steps.flatMap(({ host }) => (host === null ? [] : [host])))]
  const where = hosts.length > hostsNamed ? `${hosts.length} hosts` : hosts.join(' ')
  const on = where === '' ? '' : ` on ${where}`
  const watched = watch === null ? '' : `, then watched for ${took(watch.forMs)}`
  return `  ${paint.dim(`${at + 1}.`)} ${tame(`${name.padEnd(10)} ${does}${on}`)}${watched}`
}
