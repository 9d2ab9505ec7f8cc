import { existsSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { mustRun } from '../lab/run.ts'
import { rounded } from './lib/figures.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom } from './lib/words.ts'
import { openStatsd, openTandem, type Receiver, receiverCore } from './statsd/receivers.ts'

const rates = [20_000, 80_000, 150_000] as const
/** What was sent last is taken, counted and flushed after so long. */
const settledMs = 3_000

type Trial = Readonly<{ rate: number; sent: number; perS: number; lostPct: number; cores: number }>

async function main(): Promise<void> {
  const { seconds } = numbersFrom(process.argv.slice(2), { seconds: 10 })
  const [sendersCore, receiversCore] = [pinned(0), pinned(receiverCore)]
  console.log(load())
  const receivers: Receiver[] = []
  try {
    for (const open of [openTandem, openStatsd]) receivers.push(await open(receiversCore))
    const trials = new Map<string, Trial[]>(receivers.map(({ name }) => [name, []]))
    // One after the other at each rate, so that both see the same machine.
    for (const rate of rates)
      for (const receiver of receivers)
        trials.get(receiver.name)?.push(await measure(receiver, { rate, seconds, core: sendersCore }))
    tell(receivers, trials, sendersCore.length > 0)
    console.log(load())
    const [tandem = [], statsd = []] = receivers.map(({ name }) => trials.get(name))
    console.log(
      JSON.stringify({
        lost_pct: byRate(tandem, ({ lostPct }) => lostPct),
        statsd_lost_pct: byRate(statsd, ({ lostPct }) => lostPct),
        cores: byRate(tandem, ({ cores }) => cores),
        statsd_cores: byRate(statsd, ({ cores }) => cores),
      }),
    )
  } finally {
    await Promise.all(receivers.map(({ close }) => close()))
  }
}

/** What keeps a program on one core; nothing where there is only one, or no way to do it. */
function pinned(core: number): readonly string[] {
  return cpus().length > 1 && existsSync('/usr/bin/taskset') ? ['taskset', '--cpu-list', `${core}`] : []
}

async function measure(
  receiver: Receiver,
  { rate, seconds, core }: Readonly<{ rate: number; seconds: number; core: readonly string[] }>,
): Promise<Trial> {
  const [before, usedS] = [await receiver.counted(), receiver.processorS()]
  const sender = join(import.meta.dirname, 'statsd/send.pl')
  const said = await mustRun([...core, 'perl', sender, `${receiver.port}`, `${rate}`, `${seconds}`], {
    timeoutMs: (seconds + 60) * 1000,
  })
  const { sent, seconds: took } = JSON.parse(said) as { sent: number; seconds: number }
  // A receiver that is woken for each packet slows its sender down: then nothing is lost at the rate that is told.
  if (sent < rate * seconds * 0.98)
    console.log(`${receiver.name} was sent only ${sent} of ${rate * seconds} packets at ${rate}/s`)
  const cores = (receiver.processorS() - usedS) / took
  await pause(settledMs)
  const lost = sent - ((await receiver.counted()) - before)
  return {
    rate,
    sent,
    perS: sent / took,
    lostPct: rounded((lost / sent) * 100, 3),
    cores: rounded(cores),
  }
}

function byRate(
  trials: readonly Trial[],
  figure: (trial: Trial) => number,
): Readonly<Record<string, number>> {
  return Object.fromEntries(trials.map((trial) => [`${trial.rate / 1000}k`, figure(trial)]))
}

function tell(
  receivers: readonly Receiver[],
  trials: ReadonlyMap<string, readonly Trial[]>,
  isPinned: boolean,
): void {
  console.log(
    table([
      ['receiver', 'asked/s', 'sent/s', 'sent', 'lost %', 'cores'],
      ...[...trials].flatMap(([name, each]) =>
        each.map(({ rate, perS, sent, lostPct, cores }) => [
          name,
          rate,
          rounded(perS, 0),
          sent,
          lostPct,
          cores,
        ]),
      ),
    ]),
  )
  console.log(
    isPinned
      ? `the sender had core 0, the receivers core ${receiverCore}, of ${cpus().length}`
      : `sender and receivers shared ${cpus().length} cores`,
  )
  for (const { name, notes } of receivers) for (const note of notes) console.log(`${name} said: ${note}`)
}

if (import.meta.main) await main()
