import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { mustRun } from '../../lab/run.ts'
import type { Flag } from '../../sdk/flag/flag.ts'
import { flagsOf } from '../../sdk/flags.ts'
import { bundled } from '../../sdk/web/bundled.ts'

/** Flags by name, and for each question the flag and the key that is asked for. */
export type Questions = Readonly<{
  flags: Readonly<Record<string, Flag>>
  asked: readonly (readonly [string, string])[]
}>

/** An evaluator: for each question whether the key is given `on`. */
export type Evaluator = Readonly<{
  name: string
  answer: (questions: Questions) => Promise<readonly boolean[]>
  close: () => Promise<void>
}>

const root = join(import.meta.dirname, '../../sdk')
const pythonLimitMs = 5 * 60_000
const chromiumPath = '/usr/bin/chromium'

export const inNode: Evaluator = {
  name: 'Node',
  answer: async ({ flags: definitions, asked }) => {
    const flags = flagsOf({ flags: definitions, segments: {} })
    return asked.map(([flag, targetingKey]) => flags.boolean(flag, false, { targetingKey }))
  },
  close: async () => {},
}

/** The second implementation, which shares no line with ours. */
export const inPython: Evaluator = {
  name: 'Python',
  answer: async ({ flags, asked }) => {
    const questions = asked.map(([flag, targetingKey]) => [flag, { targetingKey }])
    const input = JSON.stringify({ flags, questions })
    const answered = await mustRun(['python3', join(root, 'cases/flags.py')], {
      input,
      timeoutMs: pythonLimitMs,
    })
    return (JSON.parse(answered) as readonly (readonly [string, string | null])[]).map(
      ([variant]) => variant === 'on',
    )
  },
  close: async () => {},
}

type Page = Readonly<{ sdk: Readonly<{ flagsOf: typeof flagsOf }> }>

/** The same evaluator as browsers load it, in the engine of Chromium. */
export async function inChromium(): Promise<Evaluator> {
  if (!existsSync(chromiumPath)) throw new Error(`there is no Chromium at ${chromiumPath}; install it`)
  const { code } = await bundled(join(root, 'index.ts'))
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
  const page = await browser.newPage()
  await page.evaluate(async (text) => {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
    Object.assign(globalThis, { sdk: await import(url) })
  }, code)
  return {
    name: 'Chromium',
    // As text: half a pair does not survive the way to the browser otherwise.
    answer: async (questions) => {
      const answered = await page.evaluate((text) => {
        const { sdk } = globalThis as unknown as Page
        const { flags: definitions, asked } = JSON.parse(text) as Questions
        const flags = sdk.flagsOf({ flags: definitions, segments: {} })
        return asked
          .map(([flag, targetingKey]) => (flags.boolean(flag, false, { targetingKey }) ? '1' : '0'))
          .join('')
      }, JSON.stringify(questions))
      return Array.from(answered, (each) => each === '1')
    },
    close: () => browser.close(),
  }
}
