import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'node:test'
import type { Scraped } from './plan.ts'
import { nextAt, offsetOf, openScrapeLoop } from './scrape-loop.ts'
import { said, tryPlan } from './try-plan.ts'

const http = (id: string) =>
  tryPlan(id, { intervalMs: 100, timeoutMs: 100, ask: { kind: 'http', headers: {} } })

function loop() {
  const scraped: Scraped[] = []
  const broken: unknown[] = []
  const asked: string[] = []
  const running = openScrapeLoop({
    fetcher: {
      ask: async ({ url }) => {
        asked.push(url)
        return said('x 1\n')
      },
      close: () => {},
    },
    version: '1',
    now: Date.now,
    record: (one) => void scraped.push(one),
    broke: (thrown) => void broken.push(thrown),
  })
  return { scraped, asked, broken, ...running }
}

test('targets are spread over the interval by their names', () => {
  const offsets = Array.from({ length: 100 }, (_, at) => offsetOf(`target ${at}`, 15_000))
  for (let from = 0; from < 15_000; from += 5_000)
    assert.ok(offsets.filter((offset) => offset >= from && offset < from + 5_000).length > 15)
  assert.equal(offsetOf('a', 15_000), offsetOf('a', 15_000))
})

test('the next moment is one whole interval after the last, and never now', () => {
  const at = nextAt('a', 1_000, 1_700_000_000_000)
  assert.ok(at > 1_700_000_000_000 && at <= 1_700_000_001_000)
  assert.equal(nextAt('a', 1_000, at), at + 1_000)
  assert.equal(nextAt('a', 1_000, at - 1), at)
})

test('each target is asked once in an interval, evenly apart, until it is none any more', async () => {
  const { set, scraped, asked, close } = loop()
  const of = (id: string) => scraped.filter((one) => one.id === id)
  set([http('a'), http('b'), tryPlan('c')])
  while (of('a').length < 4) await pause(20)
  set([http('b')])
  const ofA = of('a')
  // Where the machine is busy a turn is late; it is never one that was taken before.
  const turns = ofA.map(({ atMs }) => Math.floor((atMs - offsetOf('a', 100)) / 100))
  assert.deepEqual([...new Set(turns)], turns)
  const before = of('b').length
  while (of('b').length < before + 3) await pause(20)
  assert.equal(of('a').length, ofA.length)
  assert.ok(!asked.includes('http://c/metrics'), 'who is asked by a host is not asked from here')
  close()
  const after = scraped.length
  await pause(250)
  assert.equal(scraped.length, after)
})
