import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Trouble, troubleOf, TroubleError } from '../../change/trouble.ts'
import { makeMask } from '../../mask/mask.ts'
import type { JobRun, Outcome, StepTime, TestResult } from '../../store/runs.ts'
import { artifactDir, packFolder } from '../artifact/artifact.ts'
import { foldLog } from '../log/fold.ts'
import { collectReports } from '../reports/collect.ts'
import { ofBothAttempts, readReport } from '../reports/report.ts'
import { type JobEnd, jobFiles, usualLimits } from '../supervisor/order.ts'
import { readLog } from '../supervisor/read-log.ts'
import { keepCaches } from './cache-steps.ts'
import type { JobWorld } from './ci-world.ts'
import { inside } from './inside.ts'
import type { Attempt } from './prepare.ts'
import { say } from './say.ts'

/** What became of one attempt. */
export type Conclusion = Readonly<{
  outcome: Outcome
  change: Pick<JobRun, 'exit' | 'trouble' | 'steps' | 'release'>
  tests: readonly TestResult[]
}>

const testsFile = 'tests.json'

/** Reads what a job left behind. Nothing of it runs any more. */
export async function conclude(
  world: JobWorld,
  attempt: Attempt,
  found: Readonly<{ end: JobEnd; firstPlace: string | null }>,
): Promise<Conclusion> {
  const { end } = found
  const judged = judge(end, attempt)
  const left = await leftBy(world, attempt, judged.outcome)
  const tests = ofBothAttempts(await testsIn(found.firstPlace), left.tests)
  await writeFile(join(attempt.folder, testsFile), JSON.stringify(tests), { mode: 0o600 })
  const trouble = judged.trouble ?? left.trouble
  const outcome = judged.outcome === 'passed' && left.trouble !== null ? 'failed' : judged.outcome
  const endMs = outcome === 'passed' ? await keep(world, attempt, end.ms) : end.ms
  const steps = await stepsOf(attempt, endMs)
  return { outcome, tests, change: { exit: end.code, trouble, steps, release: left.release } }
}

/** Keeps the caches of a job that passed, as the last step of its log; gives when that was done. */
async function keep(world: JobWorld, attempt: Attempt, endMs: number): Promise<number> {
  const began = world.now()
  const passedMs = (): number => endMs + world.now() - began
  const tell = (line: string): Promise<void> => say(attempt.folder, passedMs(), line)
  await keepCaches(world, attempt, { files: filesOf(attempt), tell })
  return passedMs()
}

const filesOf = ({ folder }: Attempt): string => join(folder, jobFiles.work, 'files')

type Judged = Readonly<{ outcome: Outcome; trouble: Trouble | null }>

function judge(end: JobEnd, { job, spec }: Attempt): Judged {
  const where = spec.from
  switch (end.why) {
    case 'exited':
      return { outcome: end.code === 0 ? 'passed' : 'failed', trouble: null }
    case 'stopped':
      return { outcome: 'cancelled', trouble: null }
    case 'killed':
    case 'host lost':
      return { outcome: 'lost', trouble: lostTrouble(job, end) }
    case 'overdue': {
      const what = `${job.name} took longer than ${spec.limitMs / 1000} s and was stopped`
      return {
        outcome: 'timed out',
        trouble: { what, where, now: 'make it faster, or give it a longer `limit`' },
      }
    }
    case 'disk full': {
      const what = `${job.name} filled the disk of ${job.host ?? 'the hub'} and was stopped`
      return { outcome: 'failed', trouble: { what, where, now: 'write less, or give it a larger disk' } }
    }
    case 'out of memory': {
      const what = `${job.name} used more memory than it may (${memoryText(spec)}) and was stopped`
      return { outcome: 'failed', trouble: { what, where, now: 'use less, or say `memory` in the job' } }
    }
    case 'flooded': {
      const what = `${job.name} printed more than ${usualLimits.printedBytes / 1024 ** 2} MiB and was stopped`
      return { outcome: 'failed', trouble: { what, where, now: 'print less, or into a file' } }
    }
    case 'not started': {
      const what = `${job.name} could not be started: ${end.said ?? 'nobody says why'}`
      const now = 'mend what it says, and run it again: `tandem runs again`'
      return { outcome: 'failed', trouble: { what, where: job.host ?? where, now } }
    }
  }
}

const memoryText = ({ memoryBytes }: Attempt['spec']): string =>
  memoryBytes === null ? 'three quarters of the machine' : `${Math.round(memoryBytes / 1024 ** 2)} MiB`

/** What is said of a job that nobody knows the end of. */
export function lostTrouble(job: JobRun, end: JobEnd | 'gone'): Trouble {
  if (end !== 'gone' && end.why === 'host lost') {
    return {
      what: `the host of ${job.name} is gone: ${end.said ?? 'nobody says why'}`,
      where: job.host ?? 'the build host',
      now: 'is it up? See `tandem facts`, then run it again: `tandem runs again`',
    }
  }
  return {
    what: `the supervisor of ${job.name} is gone and left no exit code`,
    where: 'the hub',
    now: 'was it killed, or this machine restarted? Look into its journal, then run it again: `tandem runs again`',
  }
}

async function stepsOf({ folder, startedAt }: Attempt, ms: number): Promise<readonly StepTime[]> {
  const lines = []
  for (let from = 0; ;) {
    const page = await readLog(folder, from)
    lines.push(...page.lines)
    if (page.next === from) break
    from = page.next
  }
  return foldLog(lines, ms).flatMap(({ name, startMs, endMs }) =>
    name === null
      ? []
      : [{ name, startedAt: startedAt + startMs, endedAt: endMs === null ? null : startedAt + endMs }],
  )
}

type Left = Readonly<{ tests: readonly TestResult[]; release: string | null; trouble: Trouble | null }>

/** Reports and the artifact. What is wrong with them is the fault of the job. */
async function leftBy(world: JobWorld, attempt: Attempt, outcome: Outcome): Promise<Left> {
  const files = filesOf(attempt)
  let tests: readonly TestResult[] = []
  try {
    tests = await testsOf(world, attempt, files)
    if (outcome !== 'passed') return { tests, release: null, trouble: null }
    const release = await artifactOf(world, attempt, files)
    return { tests, release, trouble: null }
  } catch (thrown) {
    if (!(thrown instanceof TroubleError)) throw thrown
    return { tests, release: null, trouble: troubleOf(thrown) }
  }
}

async function testsOf(
  world: JobWorld,
  { run, spec, folder }: Attempt,
  files: string,
): Promise<readonly TestResult[]> {
  if (spec.reports.length > 0) {
    const mask = makeMask(Object.values(await world.secretsFor(run, spec)))
    return (await collectReports(files, { patterns: spec.reports, mask })).tests
  }
  // Many print their report, and then nobody need say where it is.
  const { lines } = await readLog(folder, 0)
  return (await readReport(lines.map(({ text }) => text).join('\n'))).tests
}

async function artifactOf(world: JobWorld, { spec }: Attempt, files: string): Promise<string | null> {
  if (spec.artifact?.part !== 'makes') return null
  const output = await inside(files, spec.output)
  const dir = artifactDir(world.stateDir)
  await mkdir(dir, { recursive: true })
  return (await packFolder(output, dir).catch(noFolder(spec.output))).id
}

const noFolder =
  (output: string) =>
  (thrown: unknown): never => {
    if (!(thrown instanceof Error && 'code' in thrown && ['ENOENT', 'ENOTDIR'].includes(String(thrown.code))))
      throw thrown
    throw new TroubleError({
      what: `the build made no folder ${output}`,
      where: output,
      now: 'say in `output` which folder it writes',
    })
  }

async function testsIn(place: string | null): Promise<readonly TestResult[]> {
  if (place === null) return []
  const text = await readFile(join(place, testsFile), 'utf8').catch(() => '[]')
  return JSON.parse(text) as readonly TestResult[]
}
