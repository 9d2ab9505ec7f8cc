import type { RunLine } from '../api/wire-code.ts'
import { type Fold, type LogStep, openFold } from '../ci/log/fold.ts'
import type { JobRun } from '../store/runs.ts'
import { paintFor, tame } from './text/paint.ts'
import { took } from './text/time.ts'
import { troubleText } from './text/trouble.ts'
import { cut } from './text/width.ts'
import type { World } from './world.ts'

/** Shows jobs as they run: steps that are over as one line each, and what failed in full. */
export type CiView = Readonly<{
  begins: (job: string) => void
  line: (line: RunLine) => void
  over: (job: JobRun) => void
}>

/** A failed step that said more than this is shown from behind. */
const mostShown = 200
const clearLine = '\r\u001B[K'

/** With `isWhole` every line is shown as it comes. */
export function ciView(world: World, isWhole: boolean): CiView {
  const paint = paintFor(world.screen())
  let fold: Fold = openFold()
  let told = 0

  /** On a terminal the newest line stands below, until the next one comes. */
  function draw(text: string): void {
    const { isTty, columns } = world.screen()
    if (isTty)
      world.draw(text === '' ? clearLine : clearLine + paint.dim(cut(`  ${tame(text)}`, columns - 1)))
  }

  function step(mark: string, { name, startMs, endMs, lines }: LogStep): void {
    const title = name ?? `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}`
    world.out(`  ${mark} ${tame(title)} ${paint.dim(took((endMs ?? startMs) - startMs))}`)
  }

  function tellSteps(endMs: number | null): void {
    const steps = fold.steps(endMs).filter((one) => one.endMs !== null)
    for (const one of steps.slice(told)) {
      draw('')
      step(paint.good('✓'), one)
    }
    told = steps.length
  }

  function tellFailed(job: JobRun, ms: number): void {
    const failed = fold.steps(ms).at(-1)
    if (failed === undefined || isWhole) return
    step(paint.bad('✗'), failed)
    const left = failed.lines.length - mostShown
    if (left > 0) world.out(paint.dim(`  │ (${left} lines before; --verbose shows all)`))
    for (const { text } of failed.lines.slice(-mostShown)) world.out(`  ${paint.dim('│')} ${tame(text)}`)
    if (job.trouble === null && job.exit !== null) world.out(`  ${paint.dim(`exit ${job.exit}`)}`)
  }

  return {
    begins: (job) => {
      fold = openFold()
      told = 0
      world.out(paint.bold(job))
    },
    line: (line) => {
      fold.take(line)
      if (isWhole) world.out(`  ${paint.dim('│')} ${tame(line.text)}`)
      else {
        tellSteps(null)
        draw(line.text)
      }
    },
    over: (job) => {
      draw('')
      const ms = (job.endedAt ?? 0) - (job.startedAt ?? job.endedAt ?? 0)
      if (job.outcome !== 'passed') tellFailed(job, ms)
      else if (!isWhole) tellSteps(ms)
      if (job.trouble !== null) world.out(troubleText(job.trouble, paint))
      const words = `${job.name} ${job.outcome ?? ''}`
      const time = job.startedAt === null ? '' : ` ${paint.dim(took(ms))}`
      world.out(`${job.outcome === 'passed' ? paint.good(`✓ ${words}`) : paint.bad(`✗ ${words}`)}${time}`)
    },
  }
}
