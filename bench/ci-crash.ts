import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { HubProcess } from '../e2e/lab/hub-process.ts'
import { person } from '../e2e/lab/project.ts'
import { until } from '../e2e/lab/until.ts'
import { type Checkout, checkoutIn } from '../e2e/repos/served-hub.ts'
import type { Random } from '../lab/random.ts'
import type { Run } from '../src/store/runs.ts'
import { openStore } from '../src/store/open.ts'
import { writeJobs } from './ci-crash/jobs.ts'
import { begunIn, judgeRuns } from './ci-crash/verdict.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom, sourceOf } from './lib/words.ts'

export type CrashFigures = Readonly<{
  kills: number
  /** Pushes that were taken and have no run that came to an end. */
  lost_runs: number
  /** Supervisors and processes of jobs that are left when all runs are over. */
  orphans: number
  /** Pushes with two runs, and jobs that began twice. */
  doubled: number
  wrong_results: number
}>

const endLimitMs = 300_000
/** From pushing to the end of all jobs, roughly: kills fall anywhere in it. */
const spanMs = 1_500

type Yard = Readonly<{ stateDir: string; hub: HubProcess; checkout: Checkout; random: Random }>

/** Kills the hub again and again while runs wait and run, and looks what became of them. */
async function measureCrashes(yard: Yard, kills: number): Promise<CrashFigures> {
  const taken: string[] = []
  for (let nth = 1; nth <= kills; nth += 1) {
    const commit = await yard.checkout.commit(`change ${nth}`, { 'change.txt': String(nth) })
    // A branch of its own for each, or newer pushes would end older runs.
    const push = yard.checkout.git('push', '-o', 'detach', 'tandem', `main:refs/heads/b${nth}`)
    await pause(yard.random.next() * spanMs)
    await yard.hub.kill()
    if ((await push).code === 0) taken.push(commit)
    await yard.hub.start()
    if (nth % 10 === 0) console.log(`${nth} kills, ${taken.length} pushes taken; ${load()}`)
  }
  const runs = await allRuns(yard, taken)
  await yard.hub.stop()
  await pause(1_000)
  const orphans = await left(yard.stateDir)
  return tell({ kills, taken, runs, orphans, begun: await begunOf(yard.stateDir, runs) })
}

async function allRuns({ hub, stateDir }: Yard, taken: readonly string[]): Promise<readonly Run[]> {
  const store = await openStore(stateDir)
  const query = { repo: null, commit: null, ref: null, before: null, limit: 10_000 }
  const isOver = async (): Promise<boolean> => {
    const runs = await store.runs.list(query)
    const over = new Set(runs.filter(({ endedAt }) => endedAt !== null).map(({ commit }) => commit))
    return taken.every((commit) => over.has(commit)) && runs.every(({ endedAt }) => endedAt !== null)
  }
  try {
    await until('all runs are over', isOver, endLimitMs).catch((thrown: unknown) =>
      console.log(String(thrown)),
    )
    if (hub.said !== '') console.log(`the hub said: ${hub.said.slice(-4_000)}`)
    return await store.runs.list(query)
  } finally {
    await store.close()
  }
}

async function begunOf(stateDir: string, runs: readonly Run[]) {
  const begun = runs.map(
    async (run) => [run.id, await begunIn(join(stateDir, 'ci', 'jobs', run.id), run)] as const,
  )
  return new Map(await Promise.all(begun))
}

const supervisor = join(import.meta.dirname, '../src/ci/supervisor/main.ts')

/** Command lines of supervisors, and of what still runs for jobs of this hub. */
async function left(stateDir: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''))
  return (await Promise.all(lines)).filter(
    (line) => line.includes(join(stateDir, 'ci')) || line.includes(supervisor),
  )
}

type Told = Readonly<{
  kills: number
  taken: readonly string[]
  runs: readonly Run[]
  orphans: readonly string[]
  begun: Parameters<typeof judgeRuns>[2]
}>

function tell({ kills, taken, runs, orphans, begun }: Told): CrashFigures {
  const { lost, doubled, wrong } = judgeRuns(taken, runs, begun)
  for (const [what, all] of Object.entries({ lost, doubled, wrong, orphans }))
    for (const one of all) console.log(`${what}: ${one.slice(0, 200)}`)
  const rows = [
    ['kills', kills],
    ['pushes taken', taken.length],
    ['runs', runs.length],
    ['jobs', runs.reduce((sum, { jobs }) => sum + jobs.length, 0)],
  ] as const
  console.log(table([['what', 'how many'], ...rows]))
  return {
    kills,
    lost_runs: lost.length,
    orphans: orphans.length,
    doubled: doubled.length,
    wrong_results: wrong.length,
  }
}

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), { kills: 100, seed: 0 })
  const folder = await mkdtemp(join(tmpdir(), 'tandem-crash-'))
  const stateDir = join(folder, '.tandem')
  const team = `people: { ${person}: { name: 'Ada', may: 'everything' } }, repos: { shop: {} }`
  await writeFile(
    join(folder, 'tandem.ts'),
    `import { tandem } from 'tandem'\nexport default tandem({ ${team} })\n`,
  )
  const hub = new HubProcess({ folder, stateDir })
  try {
    await hub.start()
    const tokens = JSON.parse(await readFile(join(stateDir, 'local-token'), 'utf8')) as Record<string, string>
    const remote = `${hub.url.replace('//', `//x:${tokens[person] ?? ''}@`)}/git/shop.git`
    const checkout = await checkoutIn(join(folder, 'checkout'), remote)
    await writeJobs(checkout.dir)
    console.log(load())
    const figures = await measureCrashes(
      { stateDir, hub, checkout, random: sourceOf(asked.seed) },
      asked.kills,
    )
    console.log('Laminar, the peer, is not in Debian 12, so nothing stands beside these figures')
    console.log(JSON.stringify(figures))
  } finally {
    await hub.kill()
    await rm(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) await main()
