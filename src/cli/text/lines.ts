import type { Entry } from '../../change/entry.ts'
import type { Plan, Step } from '../../change/plan.ts'
import { stepsOf } from '../../change/plan.ts'
import { stepName } from '../follow/progress.ts'
import { tellHappening } from './happening.ts'
import { type Paint, tame } from '../../words/paint.ts'
import { clock, took } from '../../words/time.ts'

const widestHost = 20

/** Tells entries of one change as lines: time, host, what happened. It remembers the plan and when steps began. */
export function makeTeller(paint: Paint): (entry: Entry) => string {
  const steps = new Map<string, Step>()
  const began = new Map<string, number>()
  let width = 0
  return (entry) => {
    if (entry.type === 'planned') {
      for (const step of stepsOf(entry.plan)) {
        steps.set(step.id, step)
        width = Math.min(widestHost, Math.max(width, step.host?.length ?? 0))
      }
    }
    const told = tellHappening(entry)
    const step = told.step === null ? null : (steps.get(told.step) ?? { id: told.step, host: null })
    const host = told.host ?? step?.host ?? ''
    const what = step === null ? told.text : `${stepName(step)} ${told.text}`
    const time = told.step === null ? '' : timeOf(entry, told.step, began)
    const place = width === 0 ? '' : `${paint.link(tame(host).padEnd(width))}  `
    const line = `${paint.dim(clock(entry.at))}  ${place}${paint[told.tone](tame(what))}${paint.dim(time)}`
    return entry.type === 'planned' ? [line, ...warningLines(entry.plan, paint)].join('\n') : line
  }
}

/** What to beware of, for those who did not ask for the plan first. */
export const warningLines = ({ warnings }: Plan, paint: Paint): readonly string[] =>
  warnings.map((warning) => paint.care(`! ${tame(warning)}`))

function timeOf(entry: Entry, step: string, began: Map<string, number>): string {
  if (entry.type === 'step-started' || entry.type === 'undo-started') began.set(step, entry.at)
  const since = began.get(step)
  const isEnd = /^(step|undo)-(done|failed)$/.test(entry.type)
  return isEnd && since !== undefined ? ` (${took(entry.at - since)})` : ''
}
