import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before } from 'node:test'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { type DevHub, startDevHub } from '../src/web/dev-hub.ts'

const executablePath = '/usr/bin/chromium'
const skip = existsSync(executablePath)
  ? false
  : `no Chromium at ${executablePath}: the dashboard was not looked at`

/** What every test that looks at a page is given: it says why where it cannot be run. */
export const browserOptions = { skip, timeout: 120_000 } as const

/** What a page is waited for at most; on a busy machine drawing one takes seconds. */
const waitMs = 30_000

type Look = Readonly<{ width?: number; colorScheme?: 'light' | 'dark'; token?: string }>

/** The dashboard as it is here, built, before a hub that plays, in a real browser. */
export type Dashboard = Readonly<{
  hub: DevHub
  opened: (look?: Look) => Promise<Page>
  /** A page of somebody who is signed in. */
  signedIn: (path: string, look?: Look) => Promise<Page>
  /** What the browser complained about on any page. */
  complaints: readonly string[]
  /** After each test: what it left open is closed, and what it held goes on, so that one that fails fails alone. */
  leave: () => Promise<void>
  close: () => Promise<void>
}>

/** One dashboard for all tests of a file: opened before the first, left after each, closed after the last. */
export function dashboardOfTests(): Pick<Dashboard, 'hub' | 'opened' | 'signedIn' | 'complaints'> {
  let open: Dashboard | null = null
  const there = () => {
    if (open === null)
      throw new Error('the dashboard is opened before the first test, and is looked at in tests')
    return open
  }
  before(async () => {
    if (skip === false) open = await openDashboard()
  })
  afterEach(() => open?.leave())
  after(() => open?.close())
  return {
    get hub() {
      return there().hub
    },
    get complaints() {
      return there().complaints
    },
    opened: (look) => there().opened(look),
    signedIn: (path, look) => there().signedIn(path, look),
  }
}

export async function openDashboard(): Promise<Dashboard> {
  const webDir = await mkdtemp(join(tmpdir(), 'tandem-web-'))
  const root = fileURLToPath(new URL('../src/web', import.meta.url))
  await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: webDir },
  })
  const hub = await startDevHub({ webDir, port: 0, paceMs: 1, changes: 70 })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const complaints: string[] = []
  const opened = async ({ width = 1280, colorScheme = 'light' }: Look = {}) => {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme })
    const page = await context.newPage()
    page.setDefaultTimeout(waitMs)
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      // Being asked to sign in is no fault, but Chromium prints every 401 and every stream that was cut.
      if (message.type() === 'error' && !/Failed to load resource|ERR_/.test(message.text()))
        complaints.push(message.text())
    })
    return page
  }
  return {
    hub,
    opened,
    complaints,
    leave: async () => {
      hub.hub.holdAt(null)
      await Promise.all(browser.contexts().map((context) => context.close()))
    },
    signedIn: async (path, look = {}) => {
      const page = await opened(look)
      await page.goto(`${hub.url}${path}#token=${look.token ?? 'tandem-dev'}`)
      await page.getByRole('navigation').waitFor()
      return page
    },
    close: async () => {
      await browser.close()
      await hub.close()
      await rm(webDir, { recursive: true })
    },
  }
}
