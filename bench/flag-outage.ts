import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCable } from '../lab/cable.ts'
import { knob, playRound, type Round, type Scene, sorts, startOne } from './flag-outage/outage.ts'
import { flagKey } from './flag-outage/program.ts'
import { startFlagHub, written } from './flip/flag-hub.ts'
import { percentile, rounded } from './lib/figures.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom, sourceOf } from './lib/words.ts'

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), { rounds: 300, programs: 5, seed: 0 })
  const random = sourceOf(asked.seed)
  const folder = await mkdtemp(join(tmpdir(), 'tandem-outage-'))
  const hub = await startFlagHub()
  const port = Number(new URL(hub.process.url).port)
  const cable = await openCable({ to: { host: '127.0.0.1', port }, roundTripMs: 1 })
  const scene: Scene = { hub, cable, folder, random, programs: [], value: 0, wrong: 0 }
  try {
    console.log(load())
    await hub.flip(written({ flag: flagKey, to: knob(0) }))
    for (let nth = 0; nth < asked.programs; nth += 1) await startOne(scene, nth, 10_000)
    const rounds: Round[] = []
    for (let nth = 0; nth < asked.rounds; nth += 1)
      rounds.push(await playRound(scene, sorts[nth % sorts.length] ?? 'killed hub'))
    tell(rounds)
  } finally {
    await Promise.all(scene.programs.map((program) => program.close()))
    await cable.close()
    await hub.close()
    await rm(folder, { recursive: true })
  }
}

function tell(rounds: readonly Round[]): void {
  const p99 = (some: readonly Round[]): number =>
    rounded(
      percentile(
        some.flatMap(({ staleSeconds }) => staleSeconds),
        0.99,
      ),
      3,
    )
  const wrong = (some: readonly Round[]): number => some.reduce((sum, round) => sum + round.wrongDefaults, 0)
  const rows = sorts.map((sort) => {
    const some = rounds.filter((round) => round.sort === sort)
    return [sort, some.length, wrong(some), p99(some)]
  })
  console.log(table([['what struck', 'rounds', 'wrong defaults', 'stale p99 s'], ...rows]))
  console.log(load())
  console.log(
    JSON.stringify({
      rounds: rounds.length,
      wrong_defaults: wrong(rounds),
      stale_after_recovery_s_p99: p99(rounds),
    }),
  )
}

await main()
