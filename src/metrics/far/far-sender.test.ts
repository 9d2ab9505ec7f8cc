import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { decompress } from '../ingest/snappy/decompress.ts'
import { RemoteWrite } from '../ingest/remote-write/remote-write.ts'
import { labelsOf } from '../labels.ts'
import { tryIntake } from '../try-intake.ts'
import { wait } from '../wait.ts'
import { withFar } from './far-intake.ts'
import { FarSender } from './far-sender.ts'
import { post } from './post.ts'
import { FarQueue } from './queue/far-queue.ts'

test('what is taken in arrives far away as it is, in order, with staleness and the labels of here', async (t) => {
  const far = await tryFar(t)
  const { intake, settled } = near(t, far.url, { cluster: 'here', job: 'other' })
  const up = intake.numberOf(labelsOf({ __name__: 'up', job: 'web' }))
  const down = intake.numberOf(labelsOf({ __name__: 'down' }))
  intake.take({ series: [up, up, down], times: [1000, 2000, 1000], values: [1, NaN, -0], stale: [] })
  intake.take({ series: [up, down], times: [3000, 3000], values: [0, Infinity], stale: [0] })
  await settled(5)
  assert.deepEqual(far.lines(), [
    'up{cluster="here",job="web"} 1 @1000',
    'up{cluster="here",job="web"} NaN @2000',
    'down{cluster="here",job="other"} -0 @1000',
    'up{cluster="here",job="web"} stale @3000',
    'down{cluster="here",job="other"} +Inf @3000',
  ])
})

test('what the store refuses does not go out, and numbers of another era are named anew', async (t) => {
  const far = await tryFar(t)
  const { intake, store, settled } = near(t, far.url, {})
  const first = intake.numberOf(labelsOf({ __name__: 'a' }))
  store.refuse = 1
  intake.take({ series: [first, first, first], times: [1, 2, 3], values: [1, 2, 3], stale: [2] })
  store.refuse = -1
  store.forget()
  const second = intake.numberOf(labelsOf({ __name__: 'b' }))
  intake.take({ series: [second], times: [4], values: [4], stale: [] })
  await settled(3)
  assert.deepEqual(
    far.lines(),
    ['a{} 1 @1', 'a{} stale @3', 'b{} 4 @4'].map((line) => line.replace('{}', '')),
  )
})

test('a far side that is away, answers garbage, hangs up or has us wait loses nothing', async (t) => {
  const far = await tryFar(t)
  const { intake, sender, settled } = near(t, far.url, {})
  const number = intake.numberOf(labelsOf({ __name__: 'a' }))
  const faults: readonly RequestListener[] = [
    (_, response) => response.writeHead(503).end('not now'),
    (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    (request) => request.socket.destroy(),
    (request) => request.socket.end('rubbish\r\n\r\n'),
    (_, response) => response.writeHead(401).end('who are you?'),
    (_, response) =>
      response.writeHead(429, { 'retry-after': new Date(Date.now() + 1500).toUTCString() }).end('slowly'),
  ]
  const words = [
    '503: not now',
    '302',
    'cannot be reached',
    'cannot be reached',
    '401: who are you?',
    '429: slowly',
  ]
  for (const [nth, fault] of faults.entries()) {
    far.answer(fault)
    intake.take({ series: [number], times: [1000 * nth], values: [nth], stale: [] })
    const before = far.tries()
    await until(() => far.tries() > before && sender.sending.trouble?.includes(words[nth] ?? '') === true)
    far.answer(null)
    await settled(nth + 1)
    assert.equal(sender.sending.trouble, null)
  }
  assert.deepEqual(
    far.lines(),
    [0, 1, 2, 3, 4, 5].map((nth) => `a ${nth} @${1000 * nth}`),
  )
  assert.ok(sender.sending.retries >= 6)
})

test('a date in Retry-After is waited for', async (t) => {
  const far = await tryFar(t)
  const { intake, settled } = near(t, far.url, {})
  const untilMs = (Math.floor(Date.now() / 1000) + 2) * 1000
  far.answer((_, response) =>
    response.writeHead(429, { 'retry-after': new Date(untilMs).toUTCString() }).end(),
  )
  intake.take({ series: [intake.numberOf(labelsOf({ __name__: 'a' }))], times: [1], values: [1], stale: [] })
  await until(() => far.tries() === 1)
  far.answer(null)
  await settled(1)
  assert.equal(far.tries(), 2)
  assert.ok(Date.now() >= untilMs - 50, 'it did not wait')
})

test('what is refused is counted and left out; of several that go together only the bad one', async (t) => {
  const far = await tryFar(t)
  const { intake, sender, settled } = near(t, far.url, {})
  far.refuseName('bad')
  for (const [nth, name] of ['good', 'bad', 'fine'].entries())
    intake.take({
      series: [intake.numberOf(labelsOf({ __name__: name }))],
      times: [nth],
      values: [nth],
      stale: [],
    })
  await settled(2)
  await until(() => sender.sending.refused > 0)
  assert.deepEqual(far.lines(), ['good 0 @0', 'fine 2 @2'])
  const { sent, refused, refusal, trouble } = sender.sending
  assert.deepEqual([sent, refused, refusal, trouble], [2, 1, 'it answered 400: bad is bad', null])
})

test('a request that is never answered is given up when the sender stops, and sent again by the next one', async (t) => {
  const far = await tryFar(t)
  const first = near(t, far.url, {})
  far.answer(() => {})
  first.intake.take({
    series: [first.intake.numberOf(labelsOf({ __name__: 'a' }))],
    times: [1],
    values: [1],
    stale: [],
  })
  await until(() => far.tries() === 1)
  const beganMs = Date.now()
  await first.sender.stop()
  assert.ok(Date.now() - beganMs < 15_000)
  far.answer(null)
  const second = first.again()
  await until(() => second.sending.sent === 1)
  assert.deepEqual(far.lines(), ['a 1 @1'])
})

test('a queue that cannot be written keeps nobody from the store, and is counted', () => {
  const store = tryIntake()
  const failed: unknown[] = []
  const intake = withFar(store, {
    append: () => {
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    },
    now: () => 0,
    failed: (samples, why) => failed.push([samples, why.message]),
    labels: {},
  })
  const number = intake.numberOf(labelsOf({ __name__: 'a' }))
  const taken = intake.take({ series: [number], times: [1], values: [1], stale: [] })
  assert.deepEqual([taken.taken, failed], [1, [[1, 'ENOSPC: no space left on device']]])
})

/** A store that queues for a far side, and the sender to it. */
function near(t: TestContext, url: string, labels: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-far-'))
  const collecting = tryIntake()
  const store = { refuse: -1, forget: () => collecting.forget() }
  const queue = new FarQueue(folder, 1e8, () => {})
  const place = { url, authorization: null }
  const begin = (): FarSender =>
    new FarSender({
      queue,
      wait,
      post: (body, signal) => post(place, body, { now: Date.now, signal }),
    })
  const senders = [begin()]
  const [sender] = senders as [FarSender]
  t.after(async () => {
    for (const each of senders) await each.stop()
    queue.close()
    rmSync(folder, { recursive: true })
  })
  const intake = withFar(
    {
      ...collecting,
      take: (columns) => ({
        ...collecting.take(columns),
        refused: store.refuse < 0 ? [] : [{ at: store.refuse, why: 'contradicts' as const }],
      }),
    },
    { append: (block) => queue.append(block), now: Date.now, failed: () => {}, labels },
  )
  const again = (): FarSender => {
    const next = begin()
    senders.push(next)
    return next
  }
  return { intake, store, sender, again, settled: (sent: number) => until(() => sender.sending.sent >= sent) }
}

/** A far side that reads what it is sent, unless it is told to answer otherwise. */
async function tryFar(t: TestContext) {
  const taken = tryIntake()
  const reader = new RemoteWrite(taken, {
    labels: [],
    limits: { labels: 100, nameLength: 1000, valueLength: 1000 },
  })
  let answer: RequestListener | null = null
  let [tries, bad] = [0, '']
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => {})
    request.on('end', () => {
      tries += 1
      if (answer !== null) return answer(request, response)
      const body = Buffer.from(decompress(Buffer.concat(chunks), 1e6))
      if (bad !== '' && body.includes(bad)) return void response.writeHead(400).end(`${bad} is bad\nmore`)
      reader.read(body)
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/write`,
    lines: () => taken.lines(),
    tries: () => tries,
    answer: (next: RequestListener | null) => {
      answer = next
    },
    refuseName: (name: string) => {
      bad = name
    },
  }
}

async function until(isSo: () => boolean): Promise<void> {
  for (let round = 0; !isSo(); round += 1) {
    if (round > 1000) throw new Error('it never came to that')
    await pause(10)
  }
}
