import type { Local } from '../../ci/local/local.ts'
import { foldLog } from '../../ci/log/fold.ts'
import type { RunLine } from '../../api/wire/code.ts'
import type { TeamConfig } from '../../config/config.ts'
import { isGreen, type JobRun } from '../../store/runs.ts'
import type { Args } from '../args.ts'
import { ciView, type CiView } from './view.ts'
import { choice, type Command, option } from '../command.ts'
import { projectIn } from '../hub/reach/project.ts'
import { paintFor } from '../../words/paint.ts'
import { cell, table } from '../text/table.ts'
import type { World } from '../world.ts'

const interruptedExit = 130

export const command: Command = {
  usage: ['ci [JOB …] [--dirty]', 'ci [JOB …] --list'],
  about:
    'Runs the jobs of the last commit here, without a hub, in the sandbox that they get there; a JOB with all that it ' +
    'needs, otherwise all. Secrets that a job asks for are taken from your environment.',
  options: {
    dirty: choice('the files as they lie, without those that git ignores, instead of the last commit'),
    list: choice('only show the jobs, in the order they are run'),
    verbose: choice('show every line as it is printed', 'v'),
    repo: option('NAME', 'the repository in tandem.ts (otherwise: as it was cloned from, or its folder)'),
    project: option('DIR', 'the folder of tandem.ts (otherwise: the nearest one upward)'),
  },
  most: 100,
  run: async (args, world) => {
    const { openLocal } = await import('../../ci/local/local.ts')
    await using local = await openLocal({
      folder: world.cwd,
      isDirty: args.has('dirty'),
      names: args.words,
      config: await configFor(args, world),
      repo: args.text('repo'),
    })
    if (args.has('list')) return list(local, args, world)
    // It is disposed when this is over, not when it begins.
    return args.has('json') ? await runForPrograms(local, world) : await runForPeople(local, args, world)
  },
}

/** Also a checkout without `tandem.ts` has jobs. */
async function configFor(args: Args, world: World): Promise<TeamConfig | null> {
  const project = projectIn(args, world)
  if (project === null) return null
  const { loadConfig } = await import('../../config/reading/load.ts')
  return (await loadConfig(project)).config
}

function list({ jobs }: Local, args: Args, world: World): number {
  const listed = jobs.map(({ name, needs, spec }) => ({ name, needs, from: spec.from }))
  const page = { columns: world.screen().columns, paint: paintFor(world.screen()) }
  if (args.has('json')) world.out(JSON.stringify({ jobs: listed }))
  else if (jobs.length === 0) world.out(page.paint.dim(noJobs))
  else {
    const rows = listed.map(({ name, needs, from }) => [
      cell(name),
      cell(needs.join(', ')),
      cell(from, 'dim'),
    ])
    world.out(table(['JOB', 'NEEDS', 'FROM'], rows, page).join('\n'))
  }
  return 0
}

const noJobs = 'there are no jobs: write an executable `ci/test`, and commit it or say --dirty'

async function runForPeople(local: Local, args: Args, world: World): Promise<number> {
  const paint = paintFor(world.screen())
  if (local.jobs.length === 0) {
    world.out(paint.dim(noJobs))
    return 0
  }
  const { commit } = local.source
  world.out(
    args.has('dirty')
      ? 'the work tree as it lies'
      : `${commit.hash.slice(0, 7)} ${paint.dim(commit.subject)}`,
  )
  const [jobs, exit] = await runWatched(local, world, ciView(world, args.has('verbose')))
  const red = jobs.filter(({ outcome }) => !isGreen(outcome)).length
  const flaky = jobs.filter(({ outcome }) => outcome === 'flaky').length
  const all = `${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'}`
  const twice = flaky === 0 ? '' : `, ${flaky} only when run once more`
  world.out(red === 0 ? paint.good(`${all} passed${twice}`) : paint.bad(`${red} of ${all} did not pass`))
  return exit
}

async function runForPrograms(local: Local, world: World): Promise<number> {
  let lines: RunLine[] = []
  const told: unknown[] = []
  const [jobs, exit] = await runWatched(local, world, {
    begins: () => (lines = []),
    line: (line) => lines.push(line),
    again: () => undefined,
    over: (job) => told.push(jobForPrograms(job, lines)),
    ahead: () => undefined,
  })
  const isFlaky = jobs.some((job) => job.outcome === 'flaky')
  const outcome = jobs.every((job) => isGreen(job.outcome)) ? (isFlaky ? 'flaky' : 'passed') : 'failed'
  const { hash, tree } = local.source.commit
  world.out(JSON.stringify({ commit: hash, tree, outcome, jobs: told }))
  return exit
}

function jobForPrograms(job: JobRun, lines: readonly RunLine[]): unknown {
  const { name, needs, outcome, attempt, exit, trouble, release, startedAt, endedAt } = job
  const ms = startedAt === null || endedAt === null ? null : endedAt - startedAt
  const steps = foldLog(lines, ms).map((step) => ({
    name: step.name,
    ms: step.endMs === null ? null : step.endMs - step.startMs,
    lines: step.lines.map(({ text }) => text),
  }))
  return { name, needs, outcome, attempt, exit, ms, trouble, release, steps }
}

/** Ctrl-C stops the job that runs, and lets no other begin. */
async function runWatched(
  local: Local,
  world: World,
  told: CiView,
): Promise<Readonly<[readonly JobRun[], number]>> {
  const stop = new AbortController()
  const giveBack = world.onInterrupt(() => stop.abort())
  try {
    const jobs = await local.run({ env: world.env, now: Date.now, stopped: stop.signal, told })
    if (stop.signal.aborted) return [jobs, interruptedExit]
    return [jobs, jobs.every(({ outcome }) => isGreen(outcome)) ? 0 : 1]
  } finally {
    giveBack()
  }
}
