import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { marksAbout } from '../src/change/occurrence.ts'
import { becomes } from './becomes.ts'
import { browserOptions as options, dashboardOfTests } from './dashboard.ts'
import { lowContrast, nameless, tooWide } from './page-faults.ts'

const dashboard = dashboardOfTests()
const { signedIn } = dashboard

/** Many pages are looked at in turn, or many things are done on one. */
const long = { ...options, timeout: 120_000 }

/** Every page of graphs, with what is on it once it is drawn. */
const pages: readonly (readonly [string, string])[] = [
  ['/graphs', '.graph-room a'],
  ['/graphs/hosts/web1', '.plot canvas'],
  ['/graphs/fronts/web1', '.plot canvas'],
  ['/graphs/apps/shop%40production', '.plot canvas'],
  ['/graphs/hub', '.plot canvas'],
  ['/changes/c65', '.panel canvas'],
  ['/graphs/pages/shop', '.plot canvas'],
  ['/graphs/explore?query=node_load1', '.plot canvas'],
  ['/graphs/explore?query=node_load1&as=table', '.query-table td'],
]

const sorted = (texts: readonly (string | null)[]) => texts.map(String).toSorted()

const panelOf = (page: Page, name: string) => page.getByRole('figure', { name, exact: true })

/** Three weeks, in which the played team has made most of its changes. */
const weeks = () => {
  const now = Date.now()
  return { fromMs: now - 21 * 86_400_000, toMs: now }
}

test('every app, host, front and the hub has a page of graphs that nobody has made', options, async () => {
  const page = await signedIn('/graphs')
  for (const [room, name, panel] of [
    ['Hosts', 'web1', 'Memory'],
    ['Fronts', 'idx1', 'Failed requests'],
    ['Apps', 'search', 'Requests by host'],
    ['Tandem', 'hub', 'Processor'],
    ['Own pages', 'The shop', 'Orders and time to answer'],
  ] as const) {
    await page.goto(`${dashboard.hub.url}/graphs`)
    await page.getByRole('region', { name: room }).getByRole('link', { name }).first().click()
    await panelOf(page, panel).locator('canvas').waitFor()
    await page.getByText(/^last change: c\d+ .+, \w+, /).waitFor()
  }
  await page.context().close()
})

test(
  'on every panel all changes of the time shown are marked, and each leads to its change',
  options,
  async () => {
    const { fromMs, toMs } = weeks()
    const due = dashboard.hub.hub.ledger
      .views()
      .filter(({ orderedAt, endedAt }) => orderedAt <= toMs && (endedAt ?? Infinity) >= fromMs)
      .map(({ id }) => id)
      .toSorted()
    assert.ok(due.length > 20)
    const page = await signedIn(`/graphs/hosts/web1?from=${fromMs}&to=${toMs}`)
    await page.locator('.panel canvas').nth(7).waitFor()
    await page.locator('.graph-mark').first().waitFor()
    const marked = await page
      .locator('.panel')
      .evaluateAll((panels) =>
        panels.map((panel) =>
          [...panel.querySelectorAll('.graph-mark')].flatMap(
            (mark) => mark.getAttribute('data-marks')?.split(' ') ?? [],
          ),
        ),
      )
    assert.equal(marked.length, 8)
    for (const ids of marked) assert.deepEqual(sorted(ids), due)

    // Those that lie too close are one mark, which opens to links to each of them.
    const memory = panelOf(page, 'Memory')
    const crowd = memory.getByRole('button', { name: /^\d+ changes, / }).last()
    const inside = (await crowd.getAttribute('data-marks'))?.split(' ') ?? []
    await crowd.click()
    const links = await memory
      .locator('.mark-card a')
      .evaluateAll((found) => found.map((link) => link.getAttribute('href')))
    assert.deepEqual(sorted(links), sorted(inside.map((id) => `/changes/${id}`)))
    await memory.locator('.mark-card a').first().click()
    await page.waitForURL(/\/changes\/c\d+$/)
    await page.context().close()
  },
)

test('a mark says who, what and why; what was taken back is hollow', options, async () => {
  const reverted = dashboard.hub.hub.ledger.views().find(({ revertedBy }) => revertedBy !== null)
  assert.ok(reverted !== undefined)
  const [fromMs, toMs] = [reverted.orderedAt - 120_000, reverted.orderedAt + 120_000]
  const page = await signedIn(`/graphs/hosts/web1?from=${fromMs}&to=${toMs}`)
  const mark = panelOf(page, 'Memory').getByRole('link', { name: new RegExp(`^${reverted.id} .*, by `) })
  await mark.hover()
  await becomes(async () => /kind-deploy.*hollow/.test((await mark.getAttribute('class')) ?? ''), true)
  const card = panelOf(page, 'Memory').locator('.mark-card')
  await card.getByText(reverted.why).waitFor()
  await card.getByText(reverted.who).waitFor()
  await card.getByText('reverted', { exact: true }).waitFor()
  await mark.click()
  await page.waitForURL(`${dashboard.hub.url}/changes/${reverted.id}`)
  await page.context().close()
})

test('what another system marks appears while somebody looks', options, async () => {
  const page = await signedIn('/graphs/hosts/web1')
  await page.locator('.plot canvas').first().waitFor()
  const from = Date.now() - 27 * 60_000
  const marked = {
    type: 'marked',
    title: 'backup of db1',
    text: '',
    tags: ['db'],
    sender: 'grafana',
  } as const
  dashboard.hub.hub.ledger.addAside(
    marksAbout,
    { ...marked, who: 'cron', from, until: from + 600_000 },
    Date.now(),
  )
  const mark = panelOf(page, 'Load').getByRole('button', { name: /^backup of db1, grafana, by cron/ })
  await mark.click()
  await panelOf(page, 'Load').locator('.mark-card').getByText('db', { exact: true }).waitFor()
  await page.keyboard.press('Escape')
  await panelOf(page, 'Load').locator('.mark-card').waitFor({ state: 'detached' })
  await page.context().close()
})

test(
  'dragging over one graph zooms the page, the link says the time, and going back undoes it',
  options,
  async () => {
    const page = await signedIn('/graphs/hosts/web1')
    const plot = panelOf(page, 'Memory').locator('.u-over')
    await plot.waitFor()
    assert.match(page.url(), /from=\d+&to=\d+/)
    const box = await plot.boundingBox()
    assert.ok(box !== null)
    await page.mouse.move(box.x + box.width * 0.25, box.y + 60)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.75, box.y + 60, { steps: 5 })
    await page.mouse.up()
    const widthOf = (url: string) => {
      const { searchParams } = new URL(url)
      return Number(searchParams.get('to')) - Number(searchParams.get('from'))
    }
    await page.waitForURL((url) => Math.abs(widthOf(url.href) - 1.5 * 3_600_000) < 300_000)
    const live = page.getByRole('button', { name: 'Live' })
    assert.equal(await live.getAttribute('aria-pressed'), 'false')
    const shown = page.url()
    const other = await signedIn(shown.replace(dashboard.hub.url, ''))
    await other.locator('.plot canvas').first().waitFor()
    assert.equal(widthOf(other.url()), widthOf(shown))
    assert.equal(await other.getByRole('button', { name: 'Live' }).getAttribute('aria-pressed'), 'false')
    await other.context().close()
    await page.goBack()
    await page.waitForURL((url) => widthOf(url.href) === 3 * 3_600_000)
    assert.equal(await live.getAttribute('aria-pressed'), 'true')
    await page.context().close()
  },
)

test('the key w shows the same time last week, and the cursor is shared by all graphs', options, async () => {
  const page = await signedIn('/graphs/hosts/web1')
  const memory = panelOf(page, 'Memory')
  await memory.locator('.legend-value').first().waitFor()
  assert.equal(await memory.locator('.legend-before').count(), 0)
  await page.keyboard.press('w')
  await memory.getByText('pale: the same time last week').waitFor()
  assert.match((await memory.locator('.legend-before').first().textContent()) ?? '', /GB/)
  await page.keyboard.press('w')
  await memory.locator('.legend-before').first().waitFor({ state: 'detached' })
  await panelOf(page, 'Load').locator('.u-over').hover()
  const timeOf = (name: string) => panelOf(page, name).locator('.legend-time').textContent()
  await memory.getByText(/^\d+ \w+, \d\d:\d\d:\d\d/).waitFor()
  assert.equal(await timeOf('Memory'), await timeOf('Load'))
  await page.context().close()
})

test('graphs and their marks are read and reached by keyboard alone', options, async () => {
  const { fromMs, toMs } = weeks()
  const page = await signedIn(`/graphs/hosts/web1?from=${fromMs}&to=${toMs}`)
  const memory = panelOf(page, 'Memory')
  const plot = memory.getByRole('img')
  await plot.locator('canvas').waitFor()
  assert.match(
    (await plot.getAttribute('aria-label')) ?? '',
    /^Memory\. 2 lines.*used: last .* GB.*changes marked$/,
  )
  await plot.focus()
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('ArrowRight')
  const first = await memory.locator('.legend-time').textContent()
  await page.keyboard.press('PageDown')
  await becomes(async () => (await memory.locator('.legend-time').textContent()) !== first, true)
  const strip = memory.getByRole('toolbar')
  assert.equal(await strip.locator('[tabindex="0"]').count(), 1)
  await strip.locator('[tabindex="0"]').focus()
  await memory.locator('.mark-card').waitFor()
  const before = await memory.locator('.mark-card').textContent()
  await page.keyboard.press('ArrowRight')
  await becomes(async () => (await memory.locator('.mark-card').textContent()) !== before, true)
  await page.keyboard.press('End')
  await strip.locator('.graph-mark:focus').waitFor()
  await page.context().close()
})

test('a line is hidden and brought back, and a time without numbers says so', options, async () => {
  const page = await signedIn('/graphs/hosts/web1')
  const line = panelOf(page, 'Memory').getByRole('button', { name: /^there is/ })
  const pressed = () => line.getAttribute('aria-pressed')
  await line.click()
  await becomes(pressed, 'false')
  await line.click()
  await becomes(pressed, 'true')
  await page.goto(`${dashboard.hub.url}/graphs/hosts/nobody`)
  await panelOf(page, 'Memory').getByText('No numbers in this time.').waitFor()
  await page.goto(`${dashboard.hub.url}/graphs/pages/nothing`)
  await page.getByRole('heading', { name: 'There is no page nothing' }).waitFor()
  await page.context().close()
})

test('graphs follow the clock, and what the hub refuses stands where the graph would', options, async () => {
  const page = await signedIn('/graphs/hosts/web1')
  await page.locator('.plot canvas').first().waitFor()
  const failure = {
    status: 'error',
    errorType: 'execution',
    error: 'query processing would load too many samples',
  }
  await page.route('**/api/v1/query_range?*MemTotal*', (route) =>
    route.fulfill({ status: 422, json: failure }),
  )
  await page.getByRole('combobox', { name: 'how much time' }).selectOption({ label: 'last 15 minutes' })
  await panelOf(page, 'Memory').getByText('query processing would load too many samples').waitFor()
  await panelOf(page, 'Load').locator('canvas').waitFor()
  await page.waitForRequest((request) => request.url().includes('query_range'), { timeout: 25_000 })
  await page.context().close()
})

test('what draws and what helps to write may not come: the page says so, and goes on', options, async () => {
  const page = await signedIn('/changes')
  await page.route(/assets\/(plot|editor)-/, (route) => route.abort())
  await page.goto(`${dashboard.hub.url}/graphs/hosts/web1`)
  const memory = panelOf(page, 'Memory')
  await memory.getByText('what draws graphs could not be loaded').waitFor()
  await memory.getByText('load the page again').waitFor()
  await memory.getByRole('button', { name: /^there is/ }).waitFor()
  await page.goto(`${dashboard.hub.url}/graphs/explore`)
  await page.getByRole('textbox', { name: 'PromQL' }).fill('node_load1{host="web1"}')
  await page.getByRole('button', { name: 'Ask' }).click()
  await page.getByRole('button', { name: 'table' }).click()
  await page.getByRole('region', { name: 'table' }).getByText('1 series at').waitFor()
  await page.context().close()
})

test(
  'a query is written with help, asked, shown as graph and table, shared, and asked again',
  long,
  async () => {
    const page = await signedIn('/graphs')
    assert.equal(await page.locator('script[src*=editor], link[href*=editor]').count(), 0)
    await page.getByRole('link', { name: 'Explore' }).click()
    const editor = page.getByRole('textbox', { name: 'PromQL' })
    await page.locator('.cm-content').waitFor()
    await editor.click()
    await page.keyboard.type('node_loa')
    await page.getByRole('option', { name: /node_load15/ }).waitFor()
    await page.keyboard.type('d1{host="web1"}')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Enter')
    await page.getByRole('figure', { name: 'node_load1{host="web1"}' }).locator('canvas').waitFor()
    await page.locator('.graph-mark').first().waitFor()
    await page.getByRole('button', { name: 'table' }).click()
    const table = page.getByRole('region', { name: 'table' })
    await table.getByText('1 series at').waitFor()
    assert.match((await table.getByRole('row').last().textContent()) ?? '', /^node_load1web1/)
    const other = await signedIn(page.url().replace(dashboard.hub.url, ''))
    await other.getByRole('region', { name: 'table' }).getByText('1 series at').waitFor()
    await other.context().close()

    await page.getByRole('button', { name: 'graph', exact: true }).click()
    await page.locator('.cm-content').click()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('sum(')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Ask' }).click()
    await page
      .getByRole('alert')
      .getByText(/parse error/)
      .waitFor()
    await page.getByText('Asked before').click()
    await page.getByRole('button', { name: 'node_load1{host="web1"}' }).click()
    await page.getByRole('figure', { name: 'node_load1{host="web1"}' }).locator('canvas').waitFor()
    await page.context().close()
  },
)

test('every graph leads to its query, at the same time', options, async () => {
  const page = await signedIn('/graphs/hosts/web1')
  await panelOf(page, 'Load').getByRole('link', { name: 'explore Load' }).click()
  await page.getByRole('figure', { name: 'node_load1{host="web1"}' }).locator('canvas').waitFor()
  assert.match(page.url(), /from=\d+&to=\d+/)
  await page.context().close()
})

test('the page of a change shows the numbers of what it touched before and after', options, async () => {
  const done = dashboard.hub.hub.ledger.views().filter(({ status }) => status === 'done')
  const deploy = done.find(({ kind, target }) => kind === 'deploy' && target === 'shop@production')
  const apply = done.find(({ kind, does }) => kind === 'apply' && does === 'recipes')
  for (const [change, number] of [
    [deploy, 'Time to answer'],
    [apply, 'Load'],
  ] as const) {
    assert.ok(change !== undefined)
    const page = await signedIn(`/changes/${change.id}`)
    const region = page.getByRole('region', { name: 'Before and after' })
    const row = region.getByRole('row', { name: number })
    assert.match((await row.textContent()) ?? '', /[\d.]+.*[\d.]+.*%$/)
    const graph = region.getByRole('figure', { name: number, exact: true })
    await graph.locator('canvas').waitFor()
    await graph.locator(`[data-marks~="${change.id}"]`).waitFor()
    await page.context().close()
  }
})

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1280, 360])
    test(`pages of graphs fit and can be read and heard, ${colorScheme}, ${width} wide`, long, async () => {
      for (const [path, drawn] of pages) {
        const page = await signedIn(path, { width, colorScheme })
        await page.locator(drawn).first().waitFor()
        for (const fault of [tooWide, nameless, lowContrast])
          assert.deepEqual(await page.evaluate(fault), [], path)
        if (process.env['PICTURES'] !== undefined)
          await page.screenshot({
            path: `${process.env['PICTURES']}/${path.replaceAll(/\W/g, '_')}-${width}-${colorScheme}.png`,
            fullPage: true,
          })
        await page.context().close()
      }
    })

test('the browser had nothing to complain about on these pages', options, () => {
  assert.deepEqual(dashboard.complaints, [])
})
