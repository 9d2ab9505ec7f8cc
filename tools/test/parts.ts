import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { installNeeds, labNeeds } from '../../lab/needs.ts'
import { check, reportChecks } from '../check.ts'
import type { Children } from '../child.ts'
import { longest } from './longest.ts'
import { runTests } from './node-tests.ts'
import type { Outcome } from './outcome.ts'

export type World = Readonly<{ root: string; children: Children; say: (text: string) => void }>

/** A part of `npm test`. It ends within its own limits, and says what it left out. */
export type Part = Readonly<{ name: string; run: (world: World) => Promise<Outcome> }>

const minuteMs = 60_000
const labTests = '**/*.lab.test.ts'
const browserTests = '**/*.browser.test.ts'

/** All parts, quick ones first. A limit is about three times what its part takes on two quiet cores. */
export const parts: readonly Part[] = [
  { name: 'check', run: runCheck },
  { name: 'unit', run: runUnit },
  { name: 'build', run: runBuild },
  { name: 'browser', run: runBrowser },
  { name: 'lab', run: runLab },
]

async function runCheck({ root, children, say }: World): Promise<Outcome> {
  const began = performance.now()
  const checked = await check(root, children)
  say(reportChecks(checked))
  const broken = checked.filter(({ ok }) => !ok)
  return {
    part: 'check',
    passed: checked.length - broken.length,
    failed: broken.length,
    skipped: 0,
    unsteady: 0,
    ms: performance.now() - began,
    notes: broken.map(({ name }) => `${name} failed, see above`),
  }
}

function runUnit({ root, children }: World): Promise<Outcome> {
  return runTests(
    {
      part: 'unit',
      patterns: ['src/**/*.test.ts', 'sdk/**/*.test.ts', 'tools/**/*.test.ts', 'examples/**/*.test.ts'],
      except: [labTests, browserTests],
      first: [],
      how: 'together',
      atOnce: 2,
      testLimitMs: 4 * minuteMs,
      partLimitMs: 12 * minuteMs,
    },
    root,
    children,
  )
}

/** The dashboard is built as it is shipped; the browser tests need it. */
async function runBuild({ root, children, say }: World): Promise<Outcome> {
  const began = performance.now()
  const outcome = (passed: number, failed: number, notes: readonly string[]): Outcome => {
    return { part: 'build', passed, failed, skipped: 0, unsteady: 0, ms: performance.now() - began, notes }
  }
  if (!existsSync(join(root, 'src/web/vite.config.ts')))
    return outcome(0, 1, ['src/web/vite.config.ts is missing'])
  const argv = ['vite', 'build', 'src/web', '--logLevel', 'warn']
  const { code, text } = await children.run({ argv, cwd: root, limitMs: minuteMs, output: 'keep' })
  say(text)
  return code === 0 ? outcome(1, 0, []) : outcome(0, 1, [`vite ended with code ${code}, see above`])
}

const chromiumPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

async function runBrowser({ root, children, say }: World): Promise<Outcome> {
  if (!chromiumPaths.some((path) => existsSync(path))) await mayInstall(say)
  if (!chromiumPaths.some((path) => existsSync(path)))
    return leftOut('browser', [`there is no Chromium (${chromiumPaths.join(', ')}); install it`])
  return runTests(
    {
      part: 'browser',
      patterns: ['src/**/*.browser.test.ts', 'e2e/**/*.browser.test.ts', 'lab/**/*.browser.test.ts'],
      except: [],
      first: longest,
      how: 'apart',
      atOnce: 2,
      testLimitMs: 5 * minuteMs,
      partLimitMs: 10 * minuteMs,
    },
    root,
    children,
  )
}

async function runLab({ root, children, say }: World): Promise<Outcome> {
  await mayInstall(say)
  const needs = labNeeds()
  if (needs.length > 0)
    return leftOut('lab', [`real hosts need root on Debian or Ubuntu, and here ${needs.join('; ')}`])
  return runTests(
    {
      part: 'lab',
      patterns: ['lab/**/*.test.ts', 'src/**/*.lab.test.ts', 'e2e/**/*.test.ts'],
      except: [browserTests],
      first: longest,
      how: 'apart',
      // Hosts of other labs do not meet; a story mostly waits, so four of them fit on two cores.
      atOnce: 4,
      testLimitMs: 10 * minuteMs,
      partLimitMs: 25 * minuteMs,
    },
    root,
    children,
  )
}

/** Installs what the lab lacks where that can be done; where not, what is left out says why. */
async function mayInstall(say: (text: string) => void): Promise<void> {
  try {
    await installNeeds(say)
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
  }
}

function leftOut(part: string, why: readonly string[]): Outcome {
  return {
    part,
    passed: 0,
    failed: 0,
    skipped: 1,
    unsteady: 0,
    ms: 0,
    notes: why.map((reason) => `left out: ${reason}`),
  }
}
