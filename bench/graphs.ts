import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { startGraphHub } from './graphs/graph-hub.ts'
import { lookOnce } from './graphs/look.ts'
import { median, rounded } from './lib/figures.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom } from './lib/words.ts'

const executablePath = '/usr/bin/chromium'

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), {
    panels: 12,
    series: 10,
    marks: 1_000,
    hours: 24,
    rounds: 5,
  })
  if (!existsSync(executablePath)) throw new Error(`no Chromium at ${executablePath}: nothing can be drawn`)
  const root = join(import.meta.dirname, '../src/web')
  await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'error' })
  const hub = await startGraphHub(asked)
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    console.log(load())
    const rounds = []
    for (let round = 0; round < asked.rounds; round += 1) rounds.push(await lookOnce(browser, hub, asked))
    console.log(
      table([
        ['round', 'interactive ms', 'marks missing', 'js gzip KB'],
        ...rounds.map(({ interactiveMs, marksMissing, jsGzipBytes }, nth) => [
          nth + 1,
          rounded(interactiveMs, 0),
          marksMissing,
          rounded(jsGzipBytes / 1_024, 1),
        ]),
      ]),
    )
    console.log(load())
    const figures = {
      interactive_ms: rounded(median(rounds.map(({ interactiveMs }) => interactiveMs)), 0),
      marks_missing: rounds.reduce((sum, { marksMissing }) => sum + marksMissing, 0),
      js_gzip_kb: rounded(Math.max(...rounds.map(({ jsGzipBytes }) => jsGzipBytes)) / 1_024, 1),
    }
    console.log(JSON.stringify(figures))
  } finally {
    await browser.close()
    await hub.close()
  }
}

await main()
