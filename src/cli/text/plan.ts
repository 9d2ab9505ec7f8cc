import type { Plan, PlanLine, Stage } from '../../change/plan.ts'
import { type Paint, tame } from './paint.ts'
import { took } from './time.ts'

const tones = { '+': 'good', '-': 'bad', '~': 'care', ' ': 'dim' } as const

/** A plan as a person reads it before saying yes. */
export function planText(plan: Plan, paint: Paint): string {
  const cannot = plan.stages
    .flatMap((stage) => stage.steps)
    .flatMap((step) => (step.cannotUndo === null ? [] : [`${step.id} cannot be undone: ${step.cannotUndo}`]))
  return [
    paint.bold(tame(plan.title)),
    ...plan.lines.map((line) => lineText(line, paint)),
    '',
    ...plan.stages.map((stage, at) => stageText(stage, at, paint)),
    ...[...plan.warnings, ...cannot].map((warning) => paint.care(`! ${tame(warning)}`)),
    ...plan.fenced.map((host) => paint.care(`! ${host} cannot be reached: it is healed when it returns`)),
  ].join('\n')
}

function lineText({ mark, text }: PlanLine, paint: Paint): string {
  return paint[tones[mark]](`  ${mark} ${tame(text)}`)
}

function stageText(stage: Stage, at: number, paint: Paint): string {
  const hosts = [...new Set(stage.steps.flatMap(({ host }) => (host === null ? [] : [host])))]
  const where = hosts.length > 6 ? `${hosts.length} hosts` : hosts.join(' ')
  const steps = `${stage.steps.length} ${stage.steps.length === 1 ? 'step' : 'steps'}`
  const watch = stage.watch === null ? '' : `, then watched for ${took(stage.watch.forMs)}`
  return `  ${paint.dim(`${at + 1}.`)} ${stage.name.padEnd(10)} ${[steps, where].filter(Boolean).join(' on ')}${watch}`
}
