import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
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

/** Runs in the page before anything else: remembers when the dashboard began to be there. */
const watchForDashboard = `new MutationObserver((_, watch) => {
  if (document.querySelector('h1') === null) return
  globalThis.thereAt = performance.now()
  watch.disconnect()
}).observe(document, { childList: true, subtree: true })`

type Asked = Readonly<{ path: string; at: number }>

/** What the page has asked the hub, and when it was there itself. */
const whatWasAsked = `({
  thereAt: globalThis.thereAt,
  asked: performance.getEntriesByType('resource').flatMap(({ name, startTime }) => {
    const { pathname, search } = new URL(name)
    return pathname.startsWith('/api/') ? [{ path: pathname + search, at: startTime }] : []
  }),
})`

const ofPanel = /^\/api\/v1\/query_range\?query=(?!count%28up)/
const twice = (paths: readonly string[]) => paths.filter((one, nth) => paths.indexOf(one) !== nth)

for (const [path, panels] of [
  ['/graphs/hosts/web1', 8],
  ['/graphs/fronts/web1', 6],
  ['/graphs/apps/shop%40production', 4],
  ['/graphs/pages/shop', 2],
] as const)
  test(`${path} asks for what it shows before the dashboard is there, and once`, options, async () => {
    for (const address of addresses(path)) {
      const page = await dashboard.signedIn('/')
      await page.addInitScript(watchForDashboard)
      await page.goto(dashboard.hub.url + address)
      await page
        .locator('.panel canvas')
        .nth(panels - 1)
        .waitFor()
      await page.locator('.panel .graph-mark').first().waitFor()
      const drawn = await page.locator('.panel canvas').first().elementHandle()
      await page.getByText(/^last change: c\d+ .+, \w+, /).waitFor()
      await page.waitForTimeout(500)
      const { thereAt, asked } = await page.evaluate<{ thereAt: number; asked: readonly Asked[] }>(
        whatWasAsked,
      )
      const numbers = asked.filter(({ path: one }) => ofPanel.test(one))
      const marks = asked.filter(({ path: one }) => one.startsWith('/api/marks'))
      assert.ok(numbers.length >= panels, address)
      assert.deepEqual(twice(numbers.map(({ path: one }) => one)), [], address)
      // The list of changes that came meanwhile is no news, and what is drawn stays.
      assert.equal(marks.length, 1, address)
      assert.equal(await drawn?.evaluate((canvas) => canvas.isConnected), true, address)
      // Where the address says it all, nothing has to be waited for.
      if (address !== path && !path.startsWith('/graphs/pages'))
        for (const { at } of [...numbers.slice(0, panels), ...marks])
          assert.ok(at < thereAt, `asked after ${at} ms, there after ${thereAt} ms`)
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
