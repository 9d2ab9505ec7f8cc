import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFollowedTeam } from './forgery/followed-team.ts'
import { watchApi } from './forgery/api-times.ts'
import { measureWebhooks } from './forgery/webhooks.ts'
import { load, table } from './lib/table.ts'
import { rounded } from './lib/figures.ts'
import { numbersFrom, sourceOf } from './lib/words.ts'

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), { forged: 1000, replays: 500, genuine: 100, seed: 0 })
  const random = sourceOf(asked.seed)
  const folder = await mkdtemp(join(tmpdir(), 'tandem-forgery-'))
  await using team = await openFollowedTeam(folder, [])
  console.log(load())
  const watching = watchApi(team.hub)
  const figures = await measureWebhooks(team, asked, random)
  const { calls, p50, p99, worst } = await watching.stop()
  console.log(
    table([
      ['what', 'figure'],
      ...Object.entries(figures),
      ['calls of the API meanwhile', calls],
      ['their median (ms)', rounded(p50)],
      ['their worst (ms)', rounded(worst)],
    ]),
  )
  console.log(load())
  console.log(JSON.stringify({ ...figures, hub_p99_ms: rounded(p99) }))
}

if (import.meta.main) await main()
