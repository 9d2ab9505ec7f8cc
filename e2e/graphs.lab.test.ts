import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { labNeeds } from '../lab/needs.ts'
import { labelsOf } from '../src/metrics/labels.ts'
import { SampleStore } from '../src/metrics/storage/sample-store.ts'
import { unitWords } from '../src/web/words/metrics/unit-words.ts'
import { must, openStory, type Story } from './lab/story.ts'
import { until } from './lab/until.ts'

const executablePath = '/usr/bin/chromium'
const needs = [
  ...labNeeds(),
  ...(existsSync(executablePath) ? [] : [`there is no ${executablePath}`]),
  ...(existsSync(join(import.meta.dirname, '../build/web/index.html')) ? [] : ['build/web is not built']),
]
const skip = needs.length > 0 ? `no real graphs on this machine: ${needs.join('; ')}` : false

const [minute, week] = [60_000, 7 * 86_400_000]
const baskets = { now: 5, lastWeek: 3 }

/** A page of the team's own: what is sold beside how quick it is. */
const pages = {
  till: {
    title: 'The till',
    panels: [
      { title: 'Baskets', queries: [{ query: 'basket_size', name: 'things in a basket' }] },
      {
        title: 'Baskets and time to answer',
        queries: [
          { query: 'basket_size', name: 'things in a basket' },
          {
            query: 'avg(haproxy_backend_response_time_average_seconds{app="shop"})',
            name: 'time to answer',
            unit: 'seconds' as const,
            axis: 'right' as const,
          },
        ],
      },
    ],
  },
}

/** Changes nearer to each other share one mark, also on a graph of the shortest time. */
const apartMs = 3_000

describe('a team that looks at the graphs of what really runs', { skip }, () => {
  let story: Story
  let browser: Browser
  let visits: NodeJS.Timeout
  const complaints: string[] = []

  before(async () => {
    const metrics = { scrape: { interval: '1s' as const }, pages }
    story = await openStory({ hosts: 1, app: { metrics: '/metrics' }, metrics })
    await writeBaskets(join(story.stateDir, 'metrics'))
    await story.hub.start()
    must(await story.run(['deploy', '--why', 'the first one']))
    visits = setInterval(() => void story.answers().catch(() => []), 200)
    await story.repo.commit()
    await pause(apartMs)
    must(await story.run(['deploy', '--why', 'a bigger basket']))
    await pause(apartMs)
    must(await story.run(['revert', 'c2', '--why', 'the basket is too big']))
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  })
  after(async () => {
    clearInterval(visits)
    await browser.close()
    await story.close()
  })

  async function opened(path: string): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    // Hours are drawn by the minute: what is new may be seen only after the next one.
    page.setDefaultTimeout(150_000)
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(`${story.hub.url}${path}#token=${story.hub.token}`)
    await page.getByRole('navigation').first().waitFor()
    return page
  }

  /** What a line of a panel says last, once it says something. */
  async function said(page: Page, title: string, line: string | RegExp): Promise<string> {
    const lines = panelOf(page, title).locator('.legend-line').filter({ hasText: line })
    const value = lines.first().locator('.legend-value')
    await value.filter({ hasText: /\d/ }).waitFor()
    return (await value.textContent()) ?? ''
  }

  async function asked(query: string): Promise<number> {
    const headers = { authorization: `Bearer ${story.hub.token}` }
    const params = new URLSearchParams({ query }).toString()
    const answer = await fetch(`${story.hub.url}/api/v1/query?${params}`, { headers })
    const found = (await answer.json()) as { data: { result: { value: [number, string] }[] } }
    return Number(found.data.result[0]?.value[1])
  }

  test('sees a host, its front, the app and the hub, each with its own numbers', async () => {
    const page = await opened('/graphs/hosts/h1')
    const there = await asked('node_memory_MemTotal_bytes{host="h1"}')
    assert.equal(await said(page, 'Memory', /^there is/), unitWords(there, 'bytes'))
    await said(page, 'Processor', /^user/)
    await page.getByText(/^last change: c3 .+, ada, /).waitFor()

    await page.goto(`${story.hub.url}/graphs/fronts/h1`)
    assert.match(await said(page, 'Requests', /^shop production/), /^[\d.]+\/s$/)
    await page.goto(`${story.hub.url}/graphs/apps/shop%40production`)
    const release = (await story.answered()).slice(0, 7)
    assert.match(await said(page, 'Requests', release), /^[\d.]+\/s$/)
    assert.match(await said(page, 'shop_requests_total', /./), /^[\d.]+\/s$/)
    await page.getByText(/^last change: c3 .+, ada, /).waitFor()

    await page.goto(`${story.hub.url}/graphs/hub`)
    assert.match(await said(page, 'Memory', /./), /^[\d.]+ MB$/)
    await page.close()
  })

  test('finds every change on every panel, and what it was about', async () => {
    const page = await opened('/graphs/apps/shop%40production')
    await panelOf(page, 'shop_requests_total').locator('.graph-mark').first().waitFor()
    for (const panel of await page.locator('.panel').all())
      assert.deepEqual(await marksOf(panel), ['c1', 'c2', 'c3'], (await panel.textContent()) ?? '')

    // As near as the page goes, so that the changes stand apart.
    const { change } = await story.change('c2')
    const middle = Math.round(((change.orderedAt ?? 0) + (change.endedAt ?? 0)) / 2)
    await page.goto(
      `${story.hub.url}/graphs/apps/shop%40production?from=${middle - minute / 2}&to=${middle + minute / 2}`,
    )
    const requests = panelOf(page, 'Requests')
    const mark = requests.getByRole('link', { name: /^c2 .*, by ada, .*: a bigger basket/ })
    assert.match((await mark.getAttribute('class')) ?? '', /kind-deploy hollow/)
    await mark.hover()
    const card = requests.locator('.mark-card')
    for (const words of ['ada', 'a bigger basket', 'reverted']) await card.getByText(words).first().waitFor()
    await mark.click()
    await page.waitForURL(/\/changes\/c2$/)
    await page.close()
  })

  test('has a page of its own, with the same time of last week behind it', async () => {
    const page = await opened('/graphs')
    await page.getByRole('link', { name: 'The till' }).click()
    assert.equal(await said(page, 'Baskets', /^things/), String(baskets.now))
    assert.match(await said(page, 'Baskets and time to answer', /^time to answer/), /^[\d.]+ (µs|ms|s)$/)
    await page.keyboard.press('w')
    const before = panelOf(page, 'Baskets').locator('.legend-before')
    await before.filter({ hasText: String(baskets.lastWeek) }).waitFor()
    await page.keyboard.press('w')
    await before.waitFor({ state: 'detached' })
    await page.close()
  })

  test('picks a time on one graph for all of them, and sends it to others', async () => {
    const now = Date.now()
    const page = await opened(`/graphs/pages/till?from=${now - 10 * minute}&to=${now}`)
    await said(page, 'Baskets', /^things/)
    const plot = panelOf(page, 'Baskets').locator('.u-over')
    await plot.waitFor()
    const box = await plot.boundingBox()
    assert.ok(box !== null)
    await page.mouse.move(box.x + box.width * 0.5, box.y + 40)
    const times = () => page.locator('.legend-time').allTextContents()
    await until('one cursor on both graphs', async () => {
      const [one, other] = await times()
      return one !== 'last' && one === other
    })
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.75, box.y + 40, { steps: 4 })
    await page.mouse.up()
    await page.waitForURL((url) => Math.abs(widthOf(url) - 2.5 * minute) < 20_000)
    const other = await opened(page.url().replace(story.hub.url, ''))
    await said(other, 'Baskets', /^things/)
    assert.equal(widthOf(new URL(other.url())), widthOf(new URL(page.url())))
    await other.close()
    await page.close()
  })

  test('asks what it likes: names are offered, and a mistake is shown where it is', async () => {
    const page = await opened('/graphs/explore')
    await page.locator('.cm-content').click()
    await page.keyboard.type('basket_s')
    await page.getByRole('option', { name: /basket_size/ }).click()
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    assert.equal(await said(page, 'basket_size', /./), String(baskets.now))

    await page.locator('.cm-content').click()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('rate(basket_size)')
    const mistake = page.locator('.cm-lintRange-error')
    await mistake.filter({ hasText: 'basket_size' }).waitFor()
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    const alert = page.getByRole('alert')
    await alert.getByText('1:6: parse error: expected type range vector in call to function "rate"').waitFor()
    await page.close()
  })

  test('reads on a change what became of the numbers', { timeout: 200_000 }, async () => {
    const page = await opened('/changes/c3')
    const region = page.getByRole('region', { name: 'Before and after' })
    // So long after its end there is as much to be compared as before it.
    const row = region.getByRole('row', { name: 'Requests', exact: false }).last()
    await row.getByText(/%$/).waitFor({ timeout: 150_000 })
    assert.match((await row.textContent()) ?? '', /^Requests.*\/s.*\/s.*%$/)
    for (const [number, said] of [
      ['Memory', /^Memory[\d.]+ MB[\d.]+ MB/],
      ['Processor', /^Processor[\d.]+/],
    ] as const)
      assert.match((await region.getByRole('row', { name: number }).textContent()) ?? '', said)
    const graph = panelOf(page, 'Requests')
    await graph.locator('canvas').waitFor()
    assert.ok((await marksOf(graph)).includes('c3'))
    await page.close()
  })

  test('is told of no mistake by the browser', () => {
    assert.deepEqual(complaints, [])
  })
})

const panelOf = (page: Page, name: string): Locator => page.getByRole('figure', { name, exact: true })

async function marksOf(panel: Locator): Promise<readonly string[]> {
  const groups = await panel
    .locator('.graph-mark')
    .evaluateAll((marks) => marks.map((mark) => mark.getAttribute('data-marks') ?? ''))
  return groups.flatMap((ids) => ids.split(' ')).toSorted((a, b) => a.localeCompare(b))
}

function widthOf({ searchParams }: URL): number {
  return Number(searchParams.get('to')) - Number(searchParams.get('from'))
}

/** What a till has said around this time of last week, and says until this story is over. */
async function writeBaskets(folder: string): Promise<void> {
  const limits = { seriesLimit: 1_000_000, seriesOfNameLimit: 100_000, keptMs: 4 * week }
  const store = new SampleStore({ folder, now: Date.now, ...limits })
  const series = [store.numberOf(labelsOf({ __name__: 'basket_size', host: 'till' }))]
  const now = Date.now()
  for (const [from, value] of [
    [now - week - 30 * minute, baskets.lastWeek],
    [now - 30 * minute, baskets.now],
  ] as const)
    for (let at = from; at <= from + 60 * minute; at += 15_000)
      store.take({ series, times: [at], values: [value], stale: [] })
  await store.settle()
  store.close()
}
