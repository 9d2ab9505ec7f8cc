import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { watchApi } from './lib/api-times.ts'
import { measureCorpus } from './forgery/corpus.ts'
import { doorOf, everySort, openFollowedTeam } from './forgery/followed-team.ts'
import { measureWebhooks } from './forgery/webhooks.ts'
import { load, table } from './lib/table.ts'
import { rounded } from './lib/figures.ts'
import { numbersFrom, sourceOf } from './lib/words.ts'

const usual = { forged: 1000, replays: 500, genuine: 100, seed: 0 }

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), usual)
  const random = sourceOf(asked.seed)
  const folder = await mkdtemp(join(tmpdir(), 'tandem-forgery-'))
  // Whoever a hostile program runs as can come to where it would leave its trace.
  await chmod(folder, 0o711)
  try {
    console.log(load())
    const webhooks = await webhooksIn(join(folder, 'webhooks'), asked, random)
    console.log(load())
    const corpus = await measureCorpus(join(folder, 'corpus'))
    console.log(load())
    const figures = {
      ...webhooks,
      ...corpus,
      hub_p99_ms: rounded(Math.max(webhooks.hub_p99_ms, corpus.hub_p99_ms)),
    }
    console.log(table([['what', 'figure'], ...Object.entries(figures)]))
    console.log(JSON.stringify(figures))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function webhooksIn(folder: string, asked: typeof usual, random: ReturnType<typeof sourceOf>) {
  await using team = await openFollowedTeam(folder, { sorts: everySort, hosted: {}, keys: [] })
  const watching = watchApi(await doorOf(team))
  const figures = await measureWebhooks(team, asked, random)
  const { p99, told } = await watching.stop()
  console.log(told)
  return { ...figures, hub_p99_ms: p99 }
}

if (import.meta.main) await main()
