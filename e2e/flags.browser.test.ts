import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Browser, chromium, type Page } from 'playwright-core'
import { bundled } from '../sdk/web/bundled.ts'
import { SmallOfrep } from '../sdk/web/small-ofrep.ts'
import { browserOptions as options } from './dashboard.ts'

// A page from one origin, asking a hub at another, under a policy that allows no eval.
const site = new SmallOfrep()
const hub = new SmallOfrep()
let browser: Browser

const onOff = { type: 'boolean', on: true, variants: { on: true, off: false }, default: 'off', off: 'off' }

before(async () => {
  if (options.skip !== false) return
  await site.start()
  await hub.start()
  const sdk = await bundled(join(import.meta.dirname, '../sdk/web/connect-web.ts'))
  site.pages.set('/', {
    type: 'text/html',
    text: '<!doctype html><title>shop</title><p role="status"></p><script type="module" src="/page.js"></script>',
  })
  site.pages.set('/sdk.js', { type: 'text/javascript', text: sdk.code })
  site.pages.set('/page.js', { type: 'text/javascript', text: pageScript })
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
})

after(async () => {
  if (options.skip !== false) return
  await browser.close()
  await site.stop()
  await hub.stop()
})

const pageScript = `
  import { connectWeb } from '/sdk.js'
  const { hub, key } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)))
  const flags = await connectWeb({ hub, key, context: { targetingKey: 'anna' } })
  const show = () => {
    const { value, reason } = flags.details('boolean', 'new-checkout', false)
    document.querySelector('p').textContent = value + ' ' + reason
  }
  flags.onChange(show)
  show()
`

async function visit(at = hub): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  page.setDefaultTimeout(8000)
  await page.goto(`${site.url}/#${new URLSearchParams({ hub: at.url, key: at.key }).toString()}`)
  return page
}

function says(page: Page, text: string): Promise<void> {
  return page.getByRole('status').getByText(text, { exact: true }).waitFor()
}

test('a page hears of a flip while it is open, also after the hub was away', options, async () => {
  hub.set({ 'new-checkout': onOff })
  const page = await visit()
  await says(page, 'false STATIC')
  while (hub.streams === 0) await pause(10)
  hub.say({ type: 'ping' })
  hub.set({ 'new-checkout': { ...onOff, default: 'on' } })
  await says(page, 'true STATIC')
  await hub.stop()
  hub.set({ 'new-checkout': { ...onOff, on: false } })
  await hub.start()
  await says(page, 'false DISABLED')
  await page.context().close()
})

test('a page begins with the answers of the last visit where the hub is away', options, async () => {
  hub.set({ 'new-checkout': { ...onOff, default: 'on' } })
  const page = await visit()
  await says(page, 'true STATIC')
  await hub.stop()
  await page.reload()
  await says(page, 'true CACHED')
  const kept = await page.evaluate('JSON.stringify(Object.entries(localStorage))')
  assert.doesNotMatch(String(kept), /anna|token=|browser-key/)
  await hub.start()
  await page.context().close()
})

test('a page that is left sends what was counted', options, async () => {
  // Pages of other tests may still send to the hub of all when they are closed.
  const own = new SmallOfrep()
  await own.start()
  own.set({ 'new-checkout': onOff })
  const page = await visit(own)
  await says(page, 'false STATIC')
  await page.evaluate(
    "Object.defineProperty(document, 'visibilityState', { value: 'hidden' }); document.dispatchEvent(new Event('visibilitychange'))",
  )
  const began = performance.now()
  while (own.batches.length === 0 && performance.now() - began < 8000) await pause(10)
  assert.deepEqual(
    own.batches[0]?.counts.map(({ flag, variant, count }) => [flag, variant, count]),
    [['new-checkout', 'off', 1]],
  )
  await page.context().close()
  await own.stop()
})
