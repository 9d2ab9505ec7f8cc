import type { ChangeView } from '../../api/wire/wire.ts'
import type { Entry } from '../../change/entry.ts'
import { isOver } from '../../change/status.ts'
import { type Paint, tame, type Tone } from '../../words/paint.ts'
import { cut, widthOf } from '../text/width.ts'
import { took } from '../../words/time.ts'
import type { Screen } from '../world.ts'
import {
  type Progress,
  progressOf,
  type StageView,
  stepName,
  type StepState,
  type StepView,
} from './progress.ts'

/** What a live view shows at one moment. */
export type Moment = Readonly<{
  change: ChangeView
  entries: readonly Entry[]
  waits: string | null
  lastLine: string | null
  said: string | null
  now: number
}>

const marks: Readonly<Record<StepState, Readonly<{ mark: string; tone: Tone }>>> = {
  waiting: { mark: '○', tone: 'dim' },
  running: { mark: '●', tone: 'link' },
  done: { mark: '✓', tone: 'good' },
  failed: { mark: '✗', tone: 'bad' },
  undoing: { mark: '↩', tone: 'care' },
  undone: { mark: '↩', tone: 'dim' },
}

/** The lines of a live view, none wider than the screen and no more than fit on it. */
export function frame(
  moment: Moment,
  screen: Pick<Screen, 'columns' | 'rows'>,
  paint: Paint,
): readonly string[] {
  const { change, entries } = moment
  const progress = progressOf(entries)
  const width = Math.min(screen.columns, 120) - 1
  const warnings = progress.plan?.warnings ?? []
  const room = Math.max(1, screen.rows - 7 - warnings.length)
  const dim = (text: string | null) => (text === null ? [] : [paint.dim(cut(`  ${text}`, width))])
  return [
    headLine(moment, width, paint),
    ...warnings.map((warning) => paint.care(cut(`  ! ${tame(warning)}`, width))),
    ...(progress.stages.length === 0 ? [] : [stageLine(progress.stages, width, paint)]),
    ...hostLines(progress.steps, { width, room }, paint),
    ...dim(isOver(change.status) ? null : doingText(moment, progress)),
    ...(moment.said === null ? [] : [paint.care(cut(`  ${tame(moment.said)}`, width))]),
    ...(isOver(change.status) ? [] : dim(hintFor(change, progress.isUndoing))),
  ]
}

/** What it is at now, where that is not plain from the steps. */
function doingText({ change, waits, lastLine, now }: Moment, { stages }: Progress): string | null {
  if (waits !== null) return waits
  const watch = change.status === 'running' ? stages.find((stage) => stage.state === 'running')?.watch : null
  if (watch)
    return `watching for ${took(watch.forMs)}, ${took(Math.max(0, watch.since + watch.forMs - now))} left`
  if (lastLine !== null) return `│ ${tame(lastLine)}`
  return change.status === 'planning' ? 'planning' : null
}

function headLine({ change, now }: Moment, width: number, paint: Paint): string {
  const time = took((change.endedAt ?? now) - change.orderedAt)
  const title = cut(tame(`${change.id} ${change.title}`), width - time.length - 2)
  return `${paint.bold(title)}  ${paint.dim(time)}`
}

function hintFor(change: ChangeView, isUndoing: boolean): string {
  if (isUndoing) return 'being undone'
  return change.status === 'settling' ? 'finishing: it is decided' : 'ctrl-c stops it and undoes it'
}

function stageLine(stages: readonly StageView[], width: number, paint: Paint): string {
  let left = width - 2
  const parts = stages.flatMap((stage) => {
    const { mark, tone } = marks[stage.state]
    const text = tame(`${mark} ${stage.name}${stage.verdict === null ? '' : ` (${stage.verdict})`}`)
    left -= widthOf(text) + 2
    return left < 0 ? [] : [paint[tone](text)]
  })
  return `  ${parts.join('  ')}`
}

function hostLines(
  steps: readonly StepView[],
  { width, room }: Readonly<{ width: number; room: number }>,
  paint: Paint,
): readonly string[] {
  const byHost = [...Map.groupBy(steps, ({ step }) => step.host ?? 'once')]
  const nameWidth = Math.min(20, Math.max(0, ...byHost.map(([host]) => host.length)))
  // Where not all fit, those that are at work or in trouble are what people look for.
  const byInterest = byHost.toSorted((a, b) => interest(b[1]) - interest(a[1]))
  const shown = byHost.length <= room ? byHost : byInterest.slice(0, room - 1)
  const rows = shown.map(([host, own]) => {
    const name = cut(tame(host), nameWidth).padEnd(nameWidth)
    const dots = own.map(({ state }) => paint[marks[state].tone](marks[state].mark)).join('')
    const left = width - nameWidth - own.length - 5
    return left < 0 ? cut(`  ${name}`, width) : `  ${name}  ${dots} ${paint.dim(cut(currentStep(own), left))}`
  })
  const more = byHost.length - shown.length
  return more === 0 ? rows : [...rows, paint.dim(cut(`  and ${more} more hosts`, width))]
}

const interest = (steps: readonly StepView[]): number => {
  if (steps.some(({ state }) => state === 'failed')) return 3
  if (steps.some(({ state }) => state === 'running' || state === 'undoing')) return 2
  return steps.some(({ state }) => state === 'waiting') ? 1 : 0
}

function currentStep(steps: readonly StepView[]): string {
  const at =
    steps.find(({ state }) => state === 'failed') ??
    steps.findLast(({ state }) => state === 'running' || state === 'undoing')
  return at === undefined ? '' : tame(stepName(at.step))
}
