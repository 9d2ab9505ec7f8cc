import { setTimeout as pause } from 'node:timers/promises'
import { type Hammer, type HammerLoad, startHammer } from '../lab/hammer.ts'
import type { Failure, HammerResult } from '../lab/hammer-tally.ts'
import type { Random } from '../lab/random.ts'
import { type Ended, openTrial, type Trial } from '../e2e/lab/trial.ts'
import { changeOf } from '../src/change/change.ts'
import { deploymentOf } from '../src/deploy/history.ts'
import { rounded } from './lib/figures.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom, sourceOf } from './lib/words.ts'
import { type Amounts, daysWork, type Task } from './zero-downtime/days-work.ts'

export type DayFigures = Readonly<{
  requests: number
  failed: number
  p99_ratio: number
  broken_touched_hosts_max: number
  /** Answers with an error by a broken release itself, before it was taken back. */
  failed_by_broken_release: number
}>

export type DayOptions = Amounts & Readonly<{ requests: number; quietSeconds: number }>

type Done = Readonly<{ task: Task; ended: Ended; release: string; from: number; to: number }>

/** What a project needs so that a broken release is found quickly. */
export const dayProject = {
  app: { health: { path: '/health', within: '5s' } },
  environment: { watch: '2s', drain: '10s' },
} as const

/** About 150 requests a second to each host, of all five sorts: two cores carry hosts, fronts and us. */
function loadFor(hosts: number): HammerLoad {
  return {
    get: { perSecond: 100 * hosts, connections: 4 * hosts },
    slow: { perSecond: 6 * hosts, connections: 4 * hosts, ms: 300 },
    upload: { perSecond: 4 * hosts, connections: 2 * hosts, bytes: 64 * 1024, pieceGapMs: 5 },
    events: { streams: 4 * hosts },
    socket: { perSecond: 40 * hosts, connections: 3 * hosts },
  }
}

/** A day of good deploys, reverts and broken releases under traffic; goes on until there were enough requests. */
export async function measureDay(trial: Trial, options: DayOptions, random: Random): Promise<DayFigures> {
  const hammerLoad = loadFor(trial.lab.hosts.length)
  const begin = (): Hammer => startHammer({ urls: trial.urls, load: hammerLoad })
  const first = await trial.deployNew()
  if (first.status !== 'done') throw new Error(`the first deploy is ${first.status}`)
  const quietly = begin()
  await pause(options.quietSeconds * 1000)
  const quiet = await quietly.stop()
  const hammering = begin()
  const done: Done[] = []
  for (const task of daysWork(options, random)) done.push(await doTask(trial, task))
  while (hammering.soFar().requests < options.requests) done.push(await doTask(trial, { type: 'good' }))
  const result = await hammering.stop()
  tell({ quiet, result, done })
  return figuresOf({ quiet, result, done })
}

async function doTask(trial: Trial, task: Task): Promise<Done> {
  const from = Date.now()
  const ended = await carryOut(trial, task)
  const wanted = task.type === 'broken' ? ['undone'] : ['done']
  const word = task.type === 'broken' ? `broken (${task.fault})` : task.type
  if (!wanted.includes(ended.status)) {
    console.log(`${ended.id} ${word} ended ${ended.status}: ${JSON.stringify(ended.entries.slice(-4))}`)
  }
  const release = deploymentOf(changeOf(ended.entries, null))?.release ?? ''
  return { task, ended, release, from, to: Date.now() }
}

function carryOut(trial: Trial, task: Task): Promise<Ended> {
  const files = (mode: string) => ({ 'mode.txt': `${mode}\n`, 'release.txt': `${mode} ${Date.now()}\n` })
  switch (task.type) {
    case 'good':
      return trial.deployNew(files('good'))
    case 'revert':
      return trial.revert()
    case 'broken':
      return trial.deployNew(files(task.fault))
  }
}

type Day = Readonly<{ quiet: HammerResult; result: HammerResult; done: readonly Done[] }>

function figuresOf({ quiet, result, done }: Day): DayFigures {
  const broken = done.filter(({ task }) => task.type === 'broken')
  const byBroken = broken.reduce((sum, { release }) => sum + (result.failedByRelease[release] ?? 0), 0)
  return {
    requests: result.requests,
    failed: result.failed - byBroken,
    p99_ratio: rounded(result.latencyMs.get.p99 / quiet.latencyMs.get.p99),
    broken_touched_hosts_max: Math.max(0, ...broken.map(({ release }) => touchedBy(result, release))),
    failed_by_broken_release: byBroken,
  }
}

const touchedBy = (result: HammerResult, release: string): number =>
  Object.values(result.byFront).filter((releases) => (releases[release] ?? 0) > 0).length

function tell({ quiet, result, done }: Day): void {
  const rows = done.map(({ task, ended, release, from, to }): readonly (string | number)[] => {
    const what = task.type === 'broken' ? task.fault : task.type
    const failures = result.failures.filter(({ at }) => at >= from && at <= to).length
    const seconds = rounded(ended.ms / 1000)
    return [ended.id, what, ended.status, seconds, release.slice(0, 7), touchedBy(result, release), failures]
  })
  console.log(table([['change', 'what', 'ended', 's', 'release', 'hosts', 'failures'], ...rows]))
  const sorts = Object.entries(result.bySort).map(
    ([sort, { requests, failed }]): readonly (string | number)[] => {
      const before = quiet.latencyMs[sort as keyof HammerResult['latencyMs']]
      const during = result.latencyMs[sort as keyof HammerResult['latencyMs']]
      return [sort, requests, failed, before.p50, during.p50, before.p99, during.p99]
    },
  )
  const head = ['sort', 'requests', 'failed', 'p50 quiet', 'p50 day', 'p99 quiet', 'p99 day']
  console.log(table([head, ...sorts]))
  if (quiet.failed > 0)
    console.log(`in the quiet before ${quiet.failed} failed: ${JSON.stringify(quiet.failures.slice(0, 3))}`)
  const broken = new Set(done.flatMap(({ task, release }) => (task.type === 'broken' ? [release] : [])))
  const unexpected = result.failures.filter(({ release }) => release === undefined || !broken.has(release))
  for (const failure of unexpected.slice(0, 40)) console.log(sayFailure(failure, done))
}

function sayFailure({ sort, at, cause }: Failure, done: readonly Done[]): string {
  const during = done.find(({ from, to }) => at >= from && at <= to)
  const last = during?.ended.entries.findLast((entry) => entry.at <= at)
  const words =
    last === undefined ? '' : `${last.type} ${'step' in last ? last.step : ''} ${at - last.at} ms ago`
  return `failed: ${sort}: ${cause}; during ${during?.ended.id ?? 'nothing'} (${words})`
}

async function main(): Promise<void> {
  const usual = { hosts: 4, good: 20, reverts: 10, broken: 10, requests: 100_000, quiet: 60, seed: 0 }
  const asked = numbersFrom(process.argv.slice(2), usual)
  const random = sourceOf(asked.seed)
  const trial = await openTrial({ hosts: asked.hosts, ...dayProject, say: (line) => console.log(line) })
  try {
    console.log(load())
    const figures = await measureDay(trial, { ...asked, quietSeconds: asked.quiet }, random)
    console.log(load())
    if (trial.hub.said !== '') console.log(`the hub said: ${trial.hub.said}`)
    console.log(JSON.stringify(figures))
  } finally {
    await trial.close()
  }
}

if (import.meta.main) await main()
