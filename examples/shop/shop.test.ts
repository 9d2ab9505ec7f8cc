import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

const example = new URL('.', import.meta.url).pathname
const startLimitMs = 10_000

describe('the example shop', () => {
  it('is built the same from the same files', (t) => {
    const folder = copy(t)
    build(folder)
    const first = bytesOf(join(folder, 'dist'))
    build(folder)
    assert.deepEqual(bytesOf(join(folder, 'dist')), first)
    assert.deepEqual(Object.keys(first).toSorted(), [
      'coupon.js',
      'metrics.js',
      'package.json',
      'page.html',
      'server.js',
      'shop.json',
      'stock.js',
      'style.css',
      'worker.js',
    ])
  })

  it('is built without what a template cannot say and a stylesheet does not need', (t) => {
    const folder = copy(t)
    change(join(folder, 'shop.json'), 'Small things', '<b>Big</b> & "loud" things')
    build(folder)
    const page = readFileSync(join(folder, 'dist/page.html'), 'utf8')
    assert.match(page, /<p>&lt;b&gt;Big&lt;\/b&gt; &amp; &quot;loud&quot; things that/)
    const style = readFileSync(join(folder, 'dist/style.css'), 'utf8')
    assert.doesNotMatch(style, /\/\*|\n| {2}|;}/)
    assert.match(style, /@media \(prefers-color-scheme: dark\)\{:root\{/)
  })

  it('shows the page, its style, the stock, and which release it is', async (t) => {
    const folder = copy(t)
    build(folder)
    const { url } = await serve(t, folder)
    const page = await fetch(url)
    assert.equal(page.headers.get('x-release'), 'abcdef0123')
    const html = await page.text()
    assert.match(html, /Brass bell/)
    assert.match(html, /14\.00 €/)
    assert.match(html, /24 left/)
    assert.match(html, /release abcdef0, served once/)
    assert.doesNotMatch(html, /\{\{/)
    const [, style = ''] = /href="(\/style\.[0-9a-f]{8}\.css)"/.exec(html) ?? []
    const styled = await fetch(url + style)
    assert.equal(styled.headers.get('content-type'), 'text/css; charset=utf-8')
    assert.equal((await fetch(`${url}/health`)).status, 200)
    assert.equal(((await (await fetch(`${url}/api/stock`)).json()) as Record<string, number>)['lock'], 13)
    assert.equal((await fetch(`${url}/cellar`)).status, 404)
  })

  it('answers whoever asked before it was told to stop', async (t) => {
    const folder = copy(t)
    build(folder)
    const { url, child } = await serve(t, folder)
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    let heard = ''
    socket.on('data', (text) => (heard += String(text)))
    socket.write('GET / HTTP/1.1\r\nHost: shop\r\n')
    await fetch(url)
    child.kill('SIGTERM')
    await sleep(150)
    socket.write('\r\n')
    const [code] = (await once(child, 'exit')) as [number | null]
    assert.equal(code, 0)
    assert.match(heard, /^HTTP\/1\.1 200 OK\r\n/)
    assert.match(heard, /connection: close\r\n/i)
    await assert.rejects(fetch(url))
  })

  it('has a worker whose count the page shows', async (t) => {
    const folder = copy(t)
    build(folder)
    const worker = spawn(process.execPath, ['worker.js'], {
      cwd: join(folder, 'dist'),
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, EVERY_MS: '20' },
    })
    t.after(() => worker.kill('SIGKILL'))
    await once(worker.stdout, 'data')
    await once(worker.stdout, 'data')
    worker.kill('SIGTERM')
    assert.equal((await once(worker, 'exit'))[0], 0)
    const { url } = await serve(t, folder)
    const stock = (await (await fetch(`${url}/api/stock`)).json()) as Record<string, number>
    assert.ok(Object.values(stock).reduce((sum, left) => sum + left) < 80, JSON.stringify(stock))
    const numbers = await (await fetch(`${url}/metrics`)).text()
    for (const [item, left] of Object.entries(stock))
      assert.ok(numbers.includes(`shop_stock{item="${item}"} ${left}\n`), numbers)
    const sold = [...numbers.matchAll(/^shop_sold_total\{.*\} (\d+)$/gm)].map(([, count]) => Number(count))
    assert.equal(sold.length, Object.keys(stock).length)
    assert.ok(sold.reduce((sum, count) => sum + count) >= 2, numbers)
  })

  it('has a bad release that is healthy and fails every third visitor', async (t) => {
    const folder = copy(t)
    execFileSync(process.execPath, [join(folder, 'break.js')])
    build(folder)
    const { url } = await serve(t, folder, 'ignore')
    const statuses: number[] = []
    for (let visit = 0; visit < 9; visit += 1) {
      assert.equal((await fetch(`${url}/health`)).status, 200)
      statuses.push((await fetch(url)).status)
    }
    assert.deepEqual(statuses, [200, 500, 200, 200, 500, 200, 200, 500, 200])
  })
})

function copy(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-shop-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(example, folder, { recursive: true, filter: (path) => !/\/(dist|data)$/.test(path) })
  return folder
}

const build = (folder: string): string =>
  execFileSync(process.execPath, ['build.js'], { cwd: folder, encoding: 'utf8' })

const bytesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))

function change(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8')
  assert.ok(text.includes(from))
  writeFileSync(file, text.replace(from, to.replaceAll('"', '\\"')))
}

async function serve(t: TestContext, folder: string, errors: 'inherit' | 'ignore' = 'inherit') {
  const child = spawn(process.execPath, ['server.js'], {
    cwd: join(folder, 'dist'),
    stdio: ['ignore', 'pipe', errors],
    env: { ...process.env, PORT: '0', TANDEM_RELEASE: 'abcdef0123' },
  })
  t.after(() => child.kill('SIGKILL'))
  const said = await Promise.race([
    once(child.stdout, 'data').then(([text]) => String(text)),
    sleep(startLimitMs, 'nothing', { ref: false }),
  ])
  const [, port] = /on port (\d+)/.exec(said) ?? []
  assert.ok(port !== undefined, `the shop said: ${said}`)
  return { url: `http://127.0.0.1:${port}`, child }
}
