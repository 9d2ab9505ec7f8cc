import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Random } from '../lab/random.ts'
import { rounded } from './lib/figures.ts'
import { mustHave } from './lib/must-have.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom, sourceOf } from './lib/words.ts'
import { measureCost } from './masking/cost.ts'
import { countLeaks } from './masking/count-leaks.ts'
import { countWrong } from './masking/count-wrong.ts'
import { secretKinds } from './masking/secrets.ts'

const programs = ['jq', 'openssl', 'python3', 'perl', 'xxd'].map((program) => ({ program, pack: program }))

/** What a team has in the environment of its jobs: two tokens, a password, an address with a password, a key. */
function usualSecrets(random: Random): readonly string[] {
  const kinds = ['token', 'token', 'password', 'url', 'key']
  return kinds.map((kind) => secretKinds[kind]?.(random) ?? '')
}

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), { samples: 500, lines: 10_000, rounds: 15, seed: 0 })
  const random = sourceOf(asked.seed)
  await mustHave(programs)
  const folder = await mkdtemp(join(tmpdir(), 'tandem-masking-'))
  try {
    console.log(load())
    const leaks = countLeaks(folder, random, asked.samples)
    const wrong = countWrong(folder, random, asked.lines)
    const cost = await measureCost(folder, { secrets: usualSecrets(random), random, rounds: asked.rounds })
    console.log(
      table([
        ['', 'of', 'found'],
        ['leaks', asked.samples, leaks],
        ['wrong masks', asked.lines, wrong],
        ['processor ms of a log of 12 MiB', 'without secrets', rounded(cost.plainMs)],
        ['', 'with five', rounded(cost.maskedMs)],
        ['', 'to make the mask, once for each job', rounded(cost.makingMs)],
      ]),
    )
    console.log(load())
    const wrongPer10k = rounded((wrong * 10_000) / asked.lines)
    console.log(JSON.stringify({ leaks, wrong_masks_per_10k: wrongPer10k, cost_pct: rounded(cost.pct) }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

await main()
