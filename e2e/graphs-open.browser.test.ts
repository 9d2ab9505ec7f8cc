import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { browserOptions as options, type Dashboard, openDashboard } from './dashboard.ts'

let dashboard: Dashboard

before(async () => {
  if (options.skip === false) dashboard = await openDashboard()
})

after(() => (options.skip === false ? dashboard.close() : undefined))
afterEach(() => (options.skip === false ? dashboard.leave() : undefined))

const hour = 3_600_000

/** An address that says its time, and one that leaves it open. */
const addresses = (path: string) => {
  const now = Date.now()
  return [`${path}?from=${now - hour}&to=${now}`, path]
}

/** Everything that a page asks the hub from now on. */
function asking(page: Page): readonly string[] {
  const asked: string[] = []
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url())
    if (pathname.startsWith('/api/')) asked.push(pathname + search)
  })
  return asked
}

for (const [path, panels] of [
  ['/graphs/hosts/web1', 8],
  ['/graphs/fronts/web1', 6],
  ['/graphs/apps/shop%40production', 4],
  ['/graphs/pages/shop', 2],
] as const)
  test(`what ${path} shows is on its way before the dashboard is there`, options, async () => {
    for (const address of addresses(path)) {
      const page = await dashboard.signedIn('/')
      const asked = asking(page)
      let go = (): void => {}
      const mayCome = new Promise<void>((resolve) => (go = resolve))
      await page.route('**/assets/app-*.js', async (route) => {
        await mayCome
        await route.continue()
      })
      await page.goto(dashboard.hub.url + address, { waitUntil: 'commit' })
      const ofPanels = () => asked.filter((one) => /query_range\?query=(?!count%28up)/.test(one))
      while (ofPanels().length < panels || !asked.some((one) => one.startsWith('/api/marks')))
        await page.waitForTimeout(20)
      assert.equal(await page.locator('h1').count(), 0)
      go()
      await page
        .locator('.panel canvas')
        .nth(panels - 1)
        .waitFor()
      await page.locator('.panel .graph-mark').first().waitFor()
      await page.getByText(/^last change: c\d+ .+, \w+, /).waitFor()
      await page.waitForTimeout(500)
      // The dashboard takes what is there, and the list of changes that came meanwhile is no news.
      assert.deepEqual(
        ofPanels().filter((one, nth, all) => all.indexOf(one) !== nth),
        [],
      )
      assert.equal(asked.filter((one) => one.startsWith('/api/marks')).length, 1, address)
      await page.context().close()
    }
  })

test('who is not signed in is asked to, and sees the graphs then', options, async () => {
  const page = await dashboard.opened()
  await page.goto(`${dashboard.hub.url}/graphs/hosts/web1`)
  await page.getByLabel(/token/i).fill('tandem-dev')
  await page.keyboard.press('Enter')
  await page.getByRole('navigation').waitFor()
  await page.goto(`${dashboard.hub.url}/graphs/hosts/web1`)
  await page.locator('.panel canvas').nth(7).waitFor()
  assert.equal(await page.getByRole('alert').count(), 0)
  await page.context().close()
})

test('the browser had nothing to complain about while pages opened', options, () => {
  assert.deepEqual(dashboard.complaints, [])
})
