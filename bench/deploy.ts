import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { mustRun } from '../lab/run.ts'
import { tandem } from '../e2e/lab/hub-process.ts'
import { oneRelease } from '../e2e/lab/fronts.ts'
import { type Ended, openTrial, type Trial } from '../e2e/lab/trial.ts'
import { deploymentOf } from '../src/deploy/history.ts'
import { changeOf } from '../src/change/change.ts'
import { type Capistrano, openCapistrano } from './deploy/capistrano.ts'
import { type ProcessorTime, processorTime, timeBetween } from './deploy/processor-time.ts'
import { countSessions, hostCounts, mostBetween } from './deploy/host-counts.ts'
import { stepTimes, timeSpent } from './deploy/time-spent.ts'
import { median, percentile, rounded } from './lib/figures.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom } from './lib/words.ts'

const files = 200
const bytes = 5 * 1024 * 1024
const idleMs = 10_000

/** The build of the app: it puts together what is deployed, and names each file by its bytes. */
const build = `set -eu
mkdir dist
cp -R app.js web-socket.js package.json mode.txt release.txt filler dist/
cd dist
find . -type f | sort | xargs sha256sum >../assets.txt
mv ../assets.txt .
`

type Round = Readonly<{
  ours: Ended
  theirsMs: number
  sessions: number
  bytes: number
  theirSessions: number
  /** Processor time of each, hosts and machine together. */
  ourWork: ProcessorTime
  theirWork: ProcessorTime
}>

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), { hosts: 8, rounds: 7, warmups: 2, reverts: 5 })
  const trial = await openTrial({
    hosts: asked.hosts,
    files,
    bytes,
    app: { build: { run: 'sh build.sh', output: 'dist' } },
    extra: { 'build.sh': build },
    say: (line) => console.log(line),
  })
  const { lab, project } = trial
  const capistrano = await openCapistrano(lab, project.repo.folder, join(project.folder, 'capistrano'))
  try {
    console.log(`${capistrano.version}; ${asked.hosts} hosts, ${files} files, ${bytes} bytes; ${load()}`)
    await countSessions(lab)
    const freshMb = memoryMb(trial)
    for (let nth = 0; nth < asked.warmups; nth++) await playRound(trial, capistrano)
    const rounds: Round[] = []
    for (let nth = 0; nth < asked.rounds; nth++) {
      const round = await playRound(trial, capistrano)
      const ours = rounded(round.ours.ms / 1000)
      console.log(`round ${nth + 1}: tandem ${ours} s, capistrano ${rounded(round.theirsMs / 1000)} s`)
      rounds.push(round)
    }
    const warm = await revertTimes(trial, asked.reverts, async () => {})
    const cold = await revertTimes(trial, asked.reverts, stopOldSlots)
    const versions = await versionTimes(20)
    await pause(idleMs)
    tell({ rounds, warm, cold, freshMb })
    console.log(load())
    if (trial.hub.said !== '') console.log(`the hub said: ${trial.hub.said}`)
    console.log(JSON.stringify(figuresOf({ rounds, warm, cold, versions, idleMb: memoryMb(trial) })))
  } finally {
    capistrano.close()
    await trial.close()
  }
}

/** One changed file, deployed by both, one after the other. */
async function playRound(trial: Trial, capistrano: Capistrano): Promise<Round> {
  const { lab } = trial
  const commit = await trial.project.repo.commit({
    'release.txt': `release of ${new Date().toISOString()}\n`,
  })
  const before = await hostCounts(lab)
  const time = (): ProcessorTime => processorTime(lab, trial.hub.pid)
  const atFirst = time()
  const ours = await trial.deploy(commit)
  const ourWork = timeBetween(atFirst, time())
  const between = await hostCounts(lab)
  await mustBeLive(trial, ours)
  const then = time()
  const theirsMs = await capistrano.deploy()
  const theirWork = timeBetween(then, time())
  const after = await hostCounts(lab)
  return {
    ours,
    theirsMs,
    ourWork,
    theirWork,
    ...mostBetween(before, between),
    theirSessions: mostBetween(between, after).sessions,
  }
}

/** A time counts only when every host answers with the release through its front. */
async function mustBeLive(trial: Trial, { id, status, entries }: Ended): Promise<void> {
  const wanted = deploymentOf(changeOf(entries, null))?.release
  const answers = await trial.answers()
  if (status === 'done' && oneRelease(answers) === wanted) return
  throw new Error(`${id} is ${status}, wanted ${wanted ?? 'nothing'}: ${JSON.stringify(answers)}`)
}

async function revertTimes(
  trial: Trial,
  times: number,
  before: (trial: Trial) => Promise<void>,
): Promise<readonly Ended[]> {
  const reverts: Ended[] = []
  for (let nth = 0; nth < times; nth++) {
    await mustBeLive(
      trial,
      await trial.deployNew({ 'release.txt': `to be reverted ${new Date().toISOString()}\n` }),
    )
    await before(trial)
    const reverted = await trial.revert()
    await mustBeLive(trial, reverted)
    reverts.push(reverted)
  }
  return reverts
}

/** What the deploy before left running for a quick revert is stopped, as its time limit would do. */
async function stopOldSlots({ lab }: Trial): Promise<void> {
  await Promise.all(
    lab.hosts.map(async (host) => {
      const live = readFileSync(join(host.root, 'var/lib/tandem/apps/shop.production/live'), 'utf8').trim()
      const unit = `tandem-shop.production-web@${live === 'a' ? 'b' : 'a'}.service`
      const { code, stderr } = await host.exec(['systemctl', 'stop', unit])
      if (code !== 0) throw new Error(`cannot stop ${unit} on ${host.name}: ${stderr}`)
    }),
  )
}

async function versionTimes(times: number): Promise<readonly number[]> {
  const taken: number[] = []
  for (let nth = 0; nth < times; nth++) {
    const began = performance.now()
    await mustRun([tandem, '--version'])
    taken.push(performance.now() - began)
  }
  return taken
}

function memoryMb({ hub }: Trial): number {
  const status = readFileSync(`/proc/${hub.pid}/status`, 'utf8')
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024
}

type Measured = Readonly<{ rounds: readonly Round[]; warm: readonly Ended[]; cold: readonly Ended[] }>

function tell({ rounds, warm, cold, freshMb }: Measured & Readonly<{ freshMb: number }>): void {
  const kinds = { deploy: rounds.map(({ ours }) => ours), 'warm revert': warm, 'cold revert': cold }
  for (const [name, changes] of Object.entries(kinds)) {
    console.log(`\nwhere the time of a ${name} goes (medians over ${changes.length}, ms)`)
    const whole = median(changes.map(({ ms }) => ms))
    const parts = changes.map(({ entries }) => timeSpent(entries))
    const names = [...new Set(parts.flatMap((part) => Object.keys(part)))]
    const rows = names.map((part) => [part, rounded(median(parts.map((one) => one[part] ?? 0)), 0)])
    const told = parts.map((part) => Object.values(part).reduce((sum, ms) => sum + ms, 0))
    const outside = median(changes.map(({ ms }, index) => ms - (told[index] ?? 0)))
    console.log(
      table([
        ['part', 'ms'],
        ...(rows as [string, number][]),
        ['order and hearing of it', rounded(outside, 0)],
        ['whole', rounded(whole, 0)],
      ]),
    )
    const steps = changes.map(({ entries }) => stepTimes(entries))
    const actions = [...new Set(steps.flatMap((one) => [...one.keys()]))]
    const stepRows = actions.map((action) => {
      const all = steps.flatMap((one) => [...(one.get(action) ?? [])])
      return [action, rounded(median(all), 0), rounded(percentile(all, 0.95), 0), all.length]
    })
    console.log(
      table([['step', 'median ms', 'p95 ms', 'count'], ...(stepRows as [string, number, number, number][])]),
    )
  }
  const work = (name: string, times: readonly ProcessorTime[]): readonly (string | number)[] => [
    name,
    ...(['hosts', 'here', 'hub'] as const).map((part) => rounded(median(times.map((one) => one[part])), 0)),
  ]
  console.log(`\nprocessor time of a deploy (medians, ms; ${cpus().length} cores here)`)
  console.log(
    table([
      ['who', 'all hosts', 'this process', 'hub and ssh'],
      work(
        'tandem',
        rounds.map(({ ourWork }) => ourWork),
      ),
      work(
        'capistrano',
        rounds.map(({ theirWork }) => theirWork),
      ),
    ]),
  )
  const theirSessions = Math.max(...rounds.map((round) => round.theirSessions))
  console.log(
    `\ncapistrano opened ${theirSessions} sessions per host; the hub had ${rounded(freshMb, 0)} MB when fresh`,
  )
}

function figuresOf({
  rounds,
  warm,
  cold,
  versions,
  idleMb,
}: Measured & Readonly<{ versions: readonly number[]; idleMb: number }>) {
  const ours = median(rounds.map((round) => round.ours.ms)) / 1000
  const theirs = median(rounds.map((round) => round.theirsMs)) / 1000
  const seconds = (changes: readonly Ended[]): number => rounded(median(changes.map(({ ms }) => ms)) / 1000)
  return {
    tandem_s: rounded(ours),
    capistrano_s: rounded(theirs),
    ratio: rounded(theirs / ours),
    sessions_per_host: Math.max(...rounds.map((round) => round.sessions)),
    bytes_per_host: median(rounds.map((round) => round.bytes)),
    revert_s: seconds(warm),
    revert_cold_s: seconds(cold),
    version_ms: rounded(median(versions), 0),
    idle_hub_mb: rounded(idleMb, 0),
  }
}

if (import.meta.main) await main()
