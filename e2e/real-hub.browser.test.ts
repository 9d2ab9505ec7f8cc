import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { makeSampleRepo, type SampleRepo } from '../lab/sample-repo.ts'
import { checkoutIn } from './repos/served-hub.ts'
import { freePort } from './lab/free-port.ts'
import { HubProcess } from './lab/hub-process.ts'
import { endProcessesOf } from './lab/stray-processes.ts'

const executablePath = '/usr/bin/chromium'
const isBuilt = existsSync(join(import.meta.dirname, '../build/web/index.html'))
const skip = !existsSync(executablePath)
  ? `no Chromium at ${executablePath}: the dashboard was not tried on a real hub`
  : !isBuilt && 'build/web is not there: run `npm test`, which builds the dashboard first'

let folder: string
let port: number
let hub: HubProcess
let url: string
let token: string
let repo: SampleRepo
let browser: Browser

before(async () => {
  if (skip !== false) return
  folder = await mkdtemp(join(tmpdir(), 'tandem-real-'))
  port = await freePort()
  repo = await makeSampleRepo({ folder: join(folder, 'shop'), files: 20, bytes: 20_000 })
  const app = `repo: './shop', run: 'node app.js', port: ${port}, health: '/health', environments: { production: { on: ['local'], watch: '1s' } }`
  await writeFile(
    join(folder, 'tandem.ts'),
    `import { tandem } from 'tandem'\nexport default tandem({ people: { ada: { name: 'Ada', may: 'everything' } }, hosts: { local: { via: 'local' } }, repos: { till: {} }, apps: { shop: { ${app} } } })\n`,
  )
  hub = new HubProcess({ folder, stateDir: join(folder, '.tandem') })
  await hub.start()
  ;({ url, token } = hub)
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
})

after(async () => {
  if (skip !== false) return
  await browser?.close()
  await hub?.stop()
  endProcessesOf(folder)
  await rm(folder, { recursive: true })
})

async function signedIn(path: string): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(`${url}${path}#token=${token}`)
  await page.getByRole('navigation').first().waitFor()
  return page
}

const limitMs = 60_000

/** Waits until the change that the page shows has ended well; its stages are done before it is. */
async function untilDone(page: Page, id: string): Promise<void> {
  await page.waitForURL(new RegExp(`/changes/${id}$`), { timeout: limitMs })
  await page.locator('.badge', { hasText: 'done' }).waitFor({ timeout: limitMs })
}

/** Orders a deploy by the button, after having read its plan. */
async function deploy(page: Page, why: string): Promise<void> {
  await page.goto(`${url}/apps`)
  await page
    .getByRole('button', { name: /deploy/i })
    .first()
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/why/i).fill(why)
  await dialog.getByRole('button', { name: 'Show the plan' }).click()
  await dialog.getByRole('button', { name: /^Deploy to/ }).click({ timeout: limitMs })
}

const releaseNow = async (): Promise<string | null> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    (answer) => answer.headers.get('x-release'),
    () => null,
  )

test(
  'a person deploys, deploys again and takes it back, all in the browser',
  { skip, timeout: 300_000 },
  async () => {
    const page = await signedIn('/')
    await deploy(page, 'the first one')
    await untilDone(page, 'c1')
    const first = await releaseNow()
    assert.match(first ?? '', /^[0-9a-f]{64}$/)

    await repo.commit()
    await deploy(page, 'one more line')
    await untilDone(page, 'c2')
    const second = await releaseNow()
    assert.notEqual(second, first)

    await page
      .getByRole('button', { name: /revert/i })
      .first()
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/why/i).fill('it was better before')
    await dialog
      .getByRole('button', { name: /revert/i })
      .last()
      .click({ timeout: limitMs })
    await untilDone(page, 'c3')
    assert.equal(await releaseNow(), first)

    await page.goto(`${url}/`)
    await page.getByText('it was better before').first().waitFor()
    await page.close()
  },
)

test(
  'a person pushes, and reads files, a commit and blame of it in the browser',
  { skip, timeout: 300_000 },
  async () => {
    const remote = `${url.replace('//', `//x:${token}@`)}/git/till.git`
    const checkout = await checkoutIn(join(folder, 'till'), remote)
    await mkdir(join(folder, 'till/ci'))
    await writeFile(join(folder, 'till/ci/test'), '#!/bin/sh\necho the coins are counted\n', { mode: 0o755 })
    await checkout.commit('Open the till', { 'till.js': 'export const coins = 1\n' })
    const second = await checkout.commit('Count again', {
      'till.js': 'export const coins = 1\nexport const notes = 2\n',
      '-odd "name".txt': 'still a file\n',
    })
    await checkout.must('push', '--quiet', '-o', 'detach', 'tandem', 'main')

    const page = await signedIn('/repos')
    await page.getByRole('link', { name: 'till', exact: true }).first().click()
    await page.getByRole('heading', { level: 1, name: 'till' }).waitFor()
    await page.getByText('Clone', { exact: true }).click()
    await page.getByText(`${url}/git/till.git`).waitFor()
    await page.getByRole('link', { name: '-odd "name".txt', exact: true }).click()
    await page.getByText('still a file').waitFor()

    await page.goto(`${url}/repos/till/blame?path=till.js`)
    const blamed = page.getByRole('rowheader').last().getByRole('link').first()
    assert.equal((await blamed.getAttribute('href'))?.split('/').at(-1), second)
    await blamed.click()
    await page.getByText(second).waitFor()
    await page.locator('.diff-text').first().waitFor()
    await page.getByText('export const notes = 2').first().waitFor()

    await page.goto(`${url}/repos/till/commits`)
    await page.getByText('Open the till').waitFor()
    await page.getByText('This is where it began.').waitFor()
    await page.goto(`${url}/repos/till/refs`)
    await page.locator('.refs .row').first().waitFor()
    await page.goto(`${url}/repos/till/tests`)
    await page.getByRole('heading', { level: 1 }).first().waitFor()

    await page.goto(`${url}/repos/till/runs`)
    await page
      .getByRole('link', { name: /Count again/ })
      .first()
      .click()
    await page.getByText('the coins are counted').first().waitFor({ timeout: limitMs })
    await page.close()
  },
)
