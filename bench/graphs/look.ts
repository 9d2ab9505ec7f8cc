import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { GraphHub } from './graph-hub.ts'

export type Looked = Readonly<{ interactiveMs: number; marksMissing: number; jsGzipBytes: number }>

type Wanted = Readonly<{ panels: number; marks: number }>

/** Opens the page in a browser that has never seen it, and looks how long that takes and what is on it. */
export async function lookOnce(browser: Browser, hub: GraphHub, wanted: Wanted): Promise<Looked> {
  const context = await signedIn(browser, hub)
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const scripts = collectScripts(page)
  const { fromMs, toMs } = hub.span
  await page.goto(`${hub.process.url}/graphs/pages/bench?from=${fromMs}&to=${toMs}`)
  const interactiveMs = await page.evaluate<number>(untilInteractive(wanted.panels))
  const seen = await page.evaluate<readonly (readonly string[])[]>(everyMark)
  await context.close()
  return { interactiveMs, marksMissing: missing(seen, wanted), jsGzipBytes: await scripts() }
}

/** As after a login, with nothing of the dashboard loaded yet. */
async function signedIn(browser: Browser, { process }: GraphHub): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const answer = await context.request.post(`${process.url}/api/session`, {
    data: { token: process.token },
    headers: { 'x-tandem': '1' },
  })
  if (!answer.ok()) throw new Error(`the hub refused the session: ${await answer.text()}`)
  return context
}

/** All scripts that the page loads from now on, packed as a server would. */
function collectScripts(page: Page): () => Promise<number> {
  const sizes: Promise<number>[] = []
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.endsWith('.js'))
      sizes.push(response.body().then((body) => gzipSync(body, { level: 9 }).length))
  })
  return async () => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/**
 * Milliseconds since the page was asked for, when every panel has drawn its lines and its marks and the cursor answers. Runs in
 * the page, as text: what it touches exists only there.
 */
const untilInteractive = (panels: number): string => `new Promise((resolve) => {
  const look = () => {
    const all = [...document.querySelectorAll('.panel')]
    const isDrawn = (panel) => panel.getAttribute('aria-busy') === 'false' && panel.querySelector('.plot canvas') !== null
      && panel.querySelector('.legend-line') !== null && panel.querySelector('.graph-mark') !== null
    if (all.length < ${panels} || !all.every(isDrawn)) return requestAnimationFrame(look)
    const over = all.at(-1).querySelector('.u-over')
    const box = over.getBoundingClientRect()
    for (const type of ['mouseenter', 'mousemove'])
      over.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: box.left + box.width / 2, clientY: box.top + 20 }))
    const answered = () => all.every((panel) => panel.querySelector('.legend-time').textContent.startsWith('last'))
      ? requestAnimationFrame(answered) : resolve(performance.now())
    answered()
  }
  look()
})`

/** The changes that can be reached from each panel: every mark is pressed, and the links behind it are read. */
const everyMark = `(async () => {
  const frames = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  const idOf = (link) => link.getAttribute('href').replace('/changes/', '')
  const found = []
  for (const strip of document.querySelectorAll('.mark-strip')) {
    const ids = [...strip.querySelectorAll('a.graph-mark')].map(idOf)
    for (const group of strip.querySelectorAll('button.graph-mark')) {
      group.click()
      await frames()
      ids.push(...[...strip.querySelectorAll('.mark-card a')].map(idOf))
      group.click()
      await frames()
    }
    found.push([...new Set(ids)])
  }
  return found
})()`

/** Marks that some panel lacks, counted for each. */
function missing(seen: readonly (readonly string[])[], { panels, marks }: Wanted): number {
  const due = Array.from({ length: marks }, (_, nth) => `c${nth + 1}`)
  return Array.from({ length: panels }, (_, nth) => new Set(seen[nth])).reduce(
    (sum, there) => sum + due.filter((id) => !there.has(id)).length,
    0,
  )
}
