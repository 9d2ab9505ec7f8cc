import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'node:test'
import { said, tryPlan } from '../scrape/try-plan.ts'
import { MetricsThread } from './metrics-thread.ts'

const options = {
  seriesLimit: 1_000,
  seriesOfNameLimit: 1_000,
  keptMs: 1e12,
  maxSamples: 1_000_000,
  timeoutMs: 10_000,
}

test('targets are asked inside, and so is taken in what others have asked', async (t) => {
  const folder = join(await mkdtemp(join(tmpdir(), 'tandem-scraping-')), 'metrics')
  const broken: unknown[] = []
  const thread = new MetricsThread(
    { version: '1.2.3', folder, ...options },
    { broke: (thrown) => void broken.push(thrown), tell: () => {} },
  )
  t.after(async () => {
    await thread.close()
    await rm(dirname(folder), { recursive: true })
  })
  const server = createServer((_, response) => void response.end('orders_total 7\n')).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`
  const far = tryPlan('far', { url, intervalMs: 200, timeoutMs: 200, ask: { kind: 'http', headers: {} } })
  const plans = [far, tryPlan('near')]
  await thread.scrape({ type: 'targets', plans, atMs: Date.now() })
  const scraped = { id: 'near', labels: {}, atMs: Date.now(), tookMs: 1, outcome: said('orders_total 3\n') }
  await thread.scrape({ type: 'scraped', scraped })
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await thread.targets()).every(({ health }) => health === 'up')) break
    await pause(50)
  }
  const states = await thread.targets()
  assert.deepEqual(
    states.map(({ id, health, samples }) => [id, health, samples]),
    [
      ['far', 'up', 1],
      ['near', 'up', 1],
    ],
  )
  const params = 'query=orders_total'
  const { body } = await thread.ask({ route: 'query', name: '', params })
  const answered = Buffer.from(body).toString()
  assert.match(answered, /"instance":"far".*"7"/)
  assert.match(answered, /"instance":"near".*"3"/)
  await thread.scrape({ type: 'targets', plans: [], atMs: Date.now() })
  assert.deepEqual(await thread.targets(), [])
  assert.deepEqual(broken, [])
})
