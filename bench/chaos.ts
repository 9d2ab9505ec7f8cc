import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../lab/random.ts'
import { openTrial, type Trial } from '../e2e/lab/trial.ts'
import { lostEntries, untilConsistent } from './chaos/consistency.ts'
import { postMortem, timeline } from './chaos/post-mortem.ts'
import { drawStrike, type Strike } from './chaos/strikes.ts'
import { type WriterWatch, watchWriters } from './chaos/writers.ts'
import { median, percentile, rounded } from './lib/figures.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom, sourceOf } from './lib/words.ts'

export type ChaosFigures = Readonly<{
  trials: number
  /** Trials after which the hosts did not come to answer with the one release of the ledger. */
  mixed: number
  lost_entries: number
  /** Trials after which the next deploy did not go through. */
  stuck_leases: number
  double_writers: number
  recover_s_p95: number
}>

/** A project with all the moments that a deploy can be struck in: prepare, canary, watch, rest, confirm. */
export const chaosProject = {
  app: { health: { path: '/health', within: '10s' } },
  environment: { watch: '1s', drain: '2s' },
} as const

type Played = Readonly<{
  name: string
  momentMs: number
  downMs: number
  recoverMs: number
  fault: string | null
  lost: number
  isStuck: boolean
}>

const recoverLimitMs = 90_000
/** A recovery that took so long is told in full. */
const slowMs = 10_000
const nextLimitMs = 60_000
const measured = 3

/** Strikes `trials` deploys, each at a random moment, and looks whether all is well again afterwards. */
export async function measureChaos(trial: Trial, trials: number, random: Random): Promise<ChaosFigures> {
  const spanMs = await usualSpan(trial)
  console.log(`a deploy takes ${rounded(spanMs / 1000)} s here; ${load()}`)
  const watch = watchWriters(trial.lab)
  const played: Played[] = []
  try {
    for (let nth = 1; nth <= trials; nth++) {
      const one = await play(trial, random, spanMs)
      console.log(`${nth}. ${sayPlayed(one)}`)
      played.push(one)
    }
  } finally {
    watch.close()
  }
  if (watch.seen() === 0) throw new Error('the watch for double writers has not seen a single writer')
  tell(played, watch)
  return figuresOf(played, watch)
}

async function usualSpan(trial: Trial): Promise<number> {
  const spans: number[] = []
  for (let nth = 0; nth < measured + 1; nth++) {
    const { status, ms } = await trial.deployNew()
    if (status !== 'done') throw new Error(`a deploy that nobody struck ended ${status}`)
    // The first one sets the hosts up.
    if (nth > 0) spans.push(ms)
  }
  return median(spans)
}

async function play(trial: Trial, random: Random, spanMs: number): Promise<Played> {
  const strike = drawStrike(trial, random)
  const momentMs = random.next() * (strike.startMs + spanMs)
  // Short absences heal by themselves; a long one outlives every patience of hosts and hub.
  const downMs = random.next() < 0.7 ? 200 + random.next() * 4_000 : 12_000 + random.next() * 10_000
  const commit = await trial.project.repo.commit()
  const heardBefore = trial.follower.heard().length
  await strike.begin(commit)
  await pause(momentMs)
  await strike.strike()
  await pause(downMs)
  const began = performance.now()
  await strike.mend()
  const fault = await untilConsistent(trial, recoverLimitMs)
  const recoverMs = performance.now() - began
  if (fault !== null) console.log(`${strike.name}: ${fault}\n${await postMortem(trial)}`)
  if (fault === null && recoverMs > slowMs) console.log(timeline(trial, heardBefore))
  const lost = await countLost(trial, strike, heardBefore)
  const isStuck = !(await nextGoesThrough(trial))
  return { name: strike.name, momentMs, downMs, recoverMs, fault, lost, isStuck }
}

async function countLost(trial: Trial, strike: Strike, heardBefore: number): Promise<number> {
  const heard = trial.follower.heard().slice(heardBefore)
  const lost = await lostEntries(trial, [...heard.map(({ entry }) => entry), ...strike.told()])
  for (const entry of lost) console.log(`lost: ${JSON.stringify(entry).slice(0, 300)}`)
  const { bad } = await trial.client().call('GET /api/verify')
  if (bad !== null) console.log(`the ledger is bad at ${bad.seq}: ${bad.why}`)
  return lost.length + (bad === null ? 0 : 1)
}

async function nextGoesThrough(trial: Trial): Promise<boolean> {
  const id = await trial.order(await trial.project.repo.commit(), 'after the strike')
  const status = await trial.ended(id, nextLimitMs).catch((thrown: unknown) => String(thrown))
  const fault = status === 'done' ? await untilConsistent(trial, nextLimitMs) : `${id} is ${status}`
  if (fault !== null) console.log(`the next deploy: ${fault}\n${await postMortem(trial)}`)
  return fault === null
}

function sayPlayed({ name, momentMs, downMs, recoverMs, fault, lost, isStuck }: Played): string {
  const times = `after ${momentMs.toFixed(0)} ms, for ${downMs.toFixed(0)} ms`
  const faults = [fault ?? '', lost > 0 ? `${lost} entries lost` : '', isStuck ? 'the next is stuck' : '']
  const bad = faults.filter((one) => one !== '').join('; ')
  return `${name} ${times}: ${bad === '' ? 'well' : bad} after ${rounded(recoverMs / 1000)} s`
}

function figuresOf(played: readonly Played[], watch: WriterWatch): ChaosFigures {
  return {
    trials: played.length,
    mixed: played.filter(({ fault }) => fault !== null).length,
    lost_entries: played.reduce((sum, { lost }) => sum + lost, 0),
    stuck_leases: played.filter(({ isStuck }) => isStuck).length,
    double_writers: watch.faults().length,
    recover_s_p95: rounded(
      percentile(
        played.map(({ recoverMs }) => recoverMs),
        0.95,
      ) / 1000,
    ),
  }
}

function tell(played: readonly Played[], watch: WriterWatch): void {
  for (const fault of watch.faults()) console.log(`double writer: ${fault}`)
  console.log(`${watch.seen()} programs that may write were seen on hosts`)
  const sorts = [...Map.groupBy(played, ({ name }) => name.replace(/ of h\d+$/, '')).entries()]
  const rows = sorts.map(([sort, all]): readonly (string | number)[] => {
    const seconds = all.map(({ recoverMs }) => recoverMs / 1000)
    const bad = all.filter(({ fault, lost, isStuck }) => fault !== null || lost > 0 || isStuck).length
    return [sort, all.length, bad, rounded(median(seconds)), rounded(percentile(seconds, 0.95))]
  })
  console.log(table([['strike', 'trials', 'bad', 'recovers in s (median)', 'p95'], ...rows]))
}

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), { trials: 100, hosts: 3, seed: 0 })
  const random = sourceOf(asked.seed)
  const trial = await openTrial({ hosts: asked.hosts, ...chaosProject, say: (line) => console.log(line) })
  try {
    const figures = await measureChaos(trial, asked.trials, random)
    console.log(load())
    if (trial.hub.said !== '') console.log(`the hub said: ${trial.hub.said}`)
    console.log(JSON.stringify(figures))
  } finally {
    await trial.close()
  }
}

if (import.meta.main) await main()
