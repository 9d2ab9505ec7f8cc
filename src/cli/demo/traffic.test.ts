import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { since, startTraffic } from './traffic.ts'

test('visitors count answers, errors of the app, and requests without an answer', async (t) => {
  const nth = { request: 0 }
  const server = createServer((request, response) => {
    nth.request += 1
    if (nth.request % 3 === 1) response.end('fine')
    else if (nth.request % 3 === 2) response.writeHead(500).end('bad')
    else request.socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const traffic = startTraffic(port)
  while (traffic.visits().asked < 6) await sleep(20)
  await traffic.stop()
  const visits = traffic.visits()
  assert.equal(visits.asked, nth.request)
  assert.deepEqual(since(visits, { asked: visits.asked - 6, errors: 0, lost: 0 }), {
    asked: 6,
    errors: 2,
    lost: 2,
  })
})
