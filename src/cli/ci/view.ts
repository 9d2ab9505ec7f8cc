import type { RunLine } from '../../api/wire/code.ts'
import { type Fold, type LogStep, openFold, stepMark } from '../../ci/log/fold.ts'
import { isGreen, type JobRun } from '../../store/runs.ts'
import { type Paint, paintFor, tame } from '../../words/paint.ts'
import { took } from '../../words/time.ts'
import { troubleText } from '../../words/trouble.ts'
import { cut } from '../text/width.ts'
import type { World } from '../world.ts'

/** Shows jobs as they run: steps that are over as one line each, and what failed, or still runs, in full. */
export type CiView = Readonly<{
  begins: (job: string) => void
  line: (line: RunLine) => void
  /** It failed, and begins once more. */
  again: (job: JobRun) => void
  over: (job: JobRun) => void
  /** It did not pass, and is shown in full when those before it are over. */
  ahead: (job: JobRun) => void
}>

/** A failed step that said more than this is shown from behind. */
const mostShown = 200
const clearLine = '\r\u001B[K'

/** With `isWhole` every line is shown as it comes. */
export function ciView(world: World, isWhole: boolean): CiView {
  const paint = paintFor(world.screen())
  let fold: Fold = openFold()
  let told = 0
  let lastMs = 0
  const draw = drawer(world, paint)
  const say = (text: string): void => {
    draw('')
    world.out(text)
  }

  function tellSteps(endMs: number | null): void {
    const steps = fold.steps(endMs).filter((one) => one.endMs !== null)
    for (const one of steps.slice(told)) say(titleOf(one, paint.good('✓'), paint))
    told = steps.length
  }

  function tellLast(mark: string, ms: number): void {
    const last = fold.steps(ms).at(-1)
    if (last === undefined || isWhole) return
    say([titleOf(last, mark, paint), ...tailOf(last, paint)].join('\n'))
  }

  function tellFailed(job: JobRun, ms: number): void {
    tellLast(paint.bad('✗'), ms)
    if (job.trouble === null && job.exit !== null && !isWhole) say(`  ${paint.dim(`exit ${job.exit}`)}`)
  }

  return {
    begins: (job) => {
      fold = openFold()
      told = 0
      lastMs = 0
      say(paint.bold(job))
    },
    line: (line) => {
      fold.take(line)
      lastMs = line.ms
      if (isWhole) world.out(`  ${paint.dim('│')} ${tame(line.text)}`)
      else {
        // Only at a mark is a step over; to fold at each line would take ever longer.
        if (stepMark(line.text) !== null) tellSteps(null)
        draw(line.text)
      }
    },
    again: () => tellLast(paint.bad('✗'), lastMs),
    ahead: ({ name, outcome }) => say(paint.bad(`✗ ${name} ${outcome}: shown below, in its turn`)),
    over: (job) => {
      if (job.outcome === null) {
        tellLast(paint.link('●'), lastMs)
        return say(paint.link(`● ${job.name} ${job.status}`))
      }
      const ms = msOf(job)
      if (!isGreen(job.outcome)) tellFailed(job, ms)
      else if (!isWhole) tellSteps(ms)
      if (job.trouble !== null) say(troubleText(job.trouble, paint))
      say(endOf(job, ms, paint))
    },
  }
}

/** On a terminal the newest line stands below, until the next one comes. */
const drawer =
  (world: World, paint: Paint) =>
  (text: string): void => {
    const { isTty, columns } = world.screen()
    if (!isTty) return
    world.draw(text === '' ? clearLine : clearLine + paint.dim(cut(`  ${tame(text)}`, columns - 1)))
  }

const msOf = ({ startedAt, endedAt }: JobRun): number => (endedAt ?? 0) - (startedAt ?? endedAt ?? 0)

function titleOf({ name, startMs, endMs, lines }: LogStep, mark: string, paint: Paint): string {
  const title = name ?? `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}`
  return `  ${mark} ${tame(title)} ${paint.dim(took((endMs ?? startMs) - startMs))}`
}

function tailOf({ lines }: LogStep, paint: Paint): readonly string[] {
  const left = lines.length - mostShown
  return [
    ...(left > 0 ? [paint.dim(`  │ (${left} lines before; --verbose shows all)`)] : []),
    ...lines.slice(-mostShown).map(({ text }) => `  ${paint.dim('│')} ${tame(text)}`),
  ]
}

function endOf({ name, outcome, startedAt }: JobRun, ms: number, paint: Paint): string {
  const time = startedAt === null ? '' : ` ${paint.dim(took(ms))}`
  return `${isGreen(outcome) ? paint.good(`✓ ${name} ${outcome}`) : paint.bad(`✗ ${name} ${outcome}`)}${time}`
}
