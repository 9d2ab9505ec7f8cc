import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../lab/random.ts'
import { SampleStore } from '../src/metrics/storage/sample-store.ts'
import { valueOf } from '../src/metrics/labels.ts'
import { metricName, optionsOf } from './metrics-crash/made.ts'
import { lostOf } from './metrics-crash/verdict.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom, sourceOf } from './lib/words.ts'

export type CrashFigures = Readonly<{
  kills: number
  /** Samples that were acknowledged and are not there as they were. */
  acked_lost: number
  /** The longest that opening the store took, after any kill and with the long logs. */
  ready_s_max: number
  acked: number
  /** Opening after ten million samples of ten thousand series, as hubs keep them, and with all of them in the log. */
  ready_s_10m: number
  ready_s_10m_all_in_wal: number
  /** Memory of a process that has just opened the ten million, of that of one that has taken them. */
  restart_memory_ratio: number
}>

const series = 500
const lifeMs = 600

type Life = Readonly<{ readyMs: number; openRss: number; fullRss: number; lastTick: number }>

type Asked = Readonly<{
  folder: string
  series: number
  headSamples: number
  fromTick: number
  toTick: number
  /** How long it lives after it was ready; null is until it has taken all. */
  lifeMs: number | null
}>

/** Starts somebody who writes, and kills them. */
async function live(asked: Asked): Promise<Life> {
  const { folder, headSamples, fromTick, toTick } = asked
  const words = [asked.series, headSamples, fromTick, toTick].map(String)
  const writer = spawn(
    process.execPath,
    [join(import.meta.dirname, 'metrics-crash/writer.ts'), folder, ...words],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let life: Life = { readyMs: NaN, openRss: 0, fullRss: 0, lastTick: fromTick - 1 }
  const ended = once(writer, 'close')
  for await (const line of createInterface({ input: writer.stdout })) {
    const [word = '', first = '', second = ''] = line.split(' ')
    if (word === 'ready') {
      life = { ...life, readyMs: Number(first), openRss: Number(second) }
      if (asked.lifeMs !== null) void pause(asked.lifeMs).then(() => writer.kill('SIGKILL'))
    } else if (word === 'full') {
      life = { ...life, fullRss: Number(first) }
      writer.kill('SIGKILL')
    } else life = { ...life, lastTick: Number(word) }
  }
  await ended
  if (writer.signalCode !== 'SIGKILL')
    throw new Error(`the writer ended by itself: ${String(writer.exitCode)}`)
  return life
}

/** Kills a writer again and again, at any time; gives back how far it came and how long it took to be ready. */
async function killOften(folder: string, kills: number, random: Random) {
  let tick = 0
  let readyMs = 0
  for (let nth = 1; nth <= kills; nth += 1) {
    const headSamples = random.pick([3_000, 20_000, 1_000_000])
    const life = await live({
      folder,
      series,
      headSamples,
      fromTick: tick,
      toTick: 1e9,
      lifeMs: random.between(0, lifeMs),
    })
    tick = life.lastTick + 1
    readyMs = Math.max(readyMs, life.readyMs)
    if (nth % 10 === 0) console.log(`${nth} kills, ${tick * series} samples acknowledged; ${load()}`)
  }
  return { ticks: tick, readyMs }
}

async function countLost(folder: string, ticks: number): Promise<number> {
  const store = new SampleStore(optionsOf(folder, 1_000_000))
  const matchers = [{ name: '__name__', operator: '=', value: metricName }] as const
  const { runs, warnings } = await store.select({ matchers, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER - 1 })
  let lost = 0
  const found = new Set<number>()
  for (const run of runs) {
    const nth = Number(valueOf(run.labels, 'nth'))
    found.add(nth)
    lost += lostOf(nth, run, ticks)
  }
  store.close()
  for (const what of warnings) console.log(what)
  return lost + (series - found.size) * ticks
}

/** Takes ten million samples, is killed, and opens again. */
async function openLong(folder: string, headSamples: number) {
  const many = { folder, series: 10_000, headSamples }
  const first = await live({ ...many, fromTick: 0, toTick: 1000, lifeMs: null })
  const walBytes = await sizeOf(join(folder, 'wal'))
  const again = await live({ ...many, fromTick: 1000, toTick: 1000, lifeMs: null })
  return { readyMs: again.readyMs, walBytes, ratio: again.openRss / first.fullRss }
}

async function sizeOf(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

const asked = numbersFrom(process.argv.slice(2), { kills: 50, seed: 0 })
const random = sourceOf(asked.seed)
const folder = await mkdtemp(join(tmpdir(), 'tandem-metrics-crash-'))
try {
  const killed = await killOften(join(folder, 'killed'), asked.kills, random)
  const lost = await countLost(join(folder, 'killed'), killed.ticks)
  const usual = await openLong(join(folder, 'usual'), 1_000_000)
  const all = await openLong(join(folder, 'all'), 1_000_000_000)
  const seconds = (ms: number): number => Math.round(ms) / 1000
  console.log(
    table([
      ['', 'ready, s', 'log, MB'],
      [`after ${asked.kills} kills, at most`, seconds(killed.readyMs), ''],
      ['10 million samples, as hubs keep them', seconds(usual.readyMs), Math.round(usual.walBytes / 1e6)],
      ['10 million samples, all in the log', seconds(all.readyMs), Math.round(all.walBytes / 1e6)],
    ]),
  )
  console.log(load())
  const figures: CrashFigures = {
    kills: asked.kills,
    acked_lost: lost,
    ready_s_max: seconds(Math.max(killed.readyMs, usual.readyMs, all.readyMs)),
    acked: killed.ticks * series,
    ready_s_10m: seconds(usual.readyMs),
    ready_s_10m_all_in_wal: seconds(all.readyMs),
    restart_memory_ratio: Math.round(100 * usual.ratio) / 100,
  }
  console.log(JSON.stringify(figures))
} finally {
  await rm(folder, { recursive: true, force: true })
}
