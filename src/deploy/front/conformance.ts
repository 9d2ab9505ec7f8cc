import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Agent } from 'node:http'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTryApp, type TryApp } from './try-app.ts'
import { get, open, order, post, statRow } from './try-client.ts'

/** A front under trial: where it listens, its runtime socket, and how it ends. */
export type TriedFront = Readonly<{ socket: string; stop: () => Promise<void> }>
export type FrontPlace = Readonly<{ name: string; port: number; a: number; b: number }>

const name = 'shop.production'
const trialLimitMs = 50_000
const pieceBytes = 32 * 1024 * 1024

/** What a front must do so that a deploy loses no request; the same for ours and for HAProxy. */
export function frontConformance(
  title: string,
  firstPort: number,
  start: (place: FrontPlace) => Promise<TriedFront>,
  skip: string | false = false,
): void {
  const place = { name, port: firstPort, a: firstPort + 1, b: firstPort + 2 }
  const trial = (words: string, run: (world: World) => Promise<void>): void => {
    it(words, { skip, timeout: trialLimitMs }, () => inWorld(place, start, run))
  }
  describe(title, () => {
    trialTraffic(trial)
    trialDrain(trial)
    trialOrders(trial)
    trialCounts(trial)
    trialFailures(trial)
  })
}

type World = Readonly<{
  place: FrontPlace
  say: (line: string) => Promise<string>
  stat: (row: string) => Promise<Readonly<Record<string, string>>>
  startApp: (slot: 'a' | 'b') => Promise<TryApp>
}>

type Trial = (words: string, run: (world: World) => Promise<void>) => void

async function inWorld(
  place: FrontPlace,
  start: (place: FrontPlace) => Promise<TriedFront>,
  run: (world: World) => Promise<void>,
): Promise<void> {
  const apps: TryApp[] = []
  const front = await start(place)
  const say = (line: string): Promise<string> => order(front.socket, line)
  try {
    await run({
      place,
      say,
      stat: async (row) => statRow(await say('show stat'), row),
      startApp: async (slot) => {
        const app = await startTryApp(slot, place[slot])
        apps.push(app)
        return app
      },
    })
  } finally {
    await front.stop()
    await Promise.all(apps.map((app) => app.stop()))
  }
}

/** The app in each slot, of which the first has the traffic. */
async function both({ startApp, say }: World): Promise<Readonly<{ a: TryApp; b: TryApp }>> {
  const [a, b] = await Promise.all([startApp('a'), startApp('b')])
  await say(`set server ${name}/a state ready`)
  return { a, b }
}

async function flip(say: World['say'], to: 'a' | 'b'): Promise<void> {
  const from = to === 'a' ? 'b' : 'a'
  assert.equal((await say(`set server ${name}/${to} state ready`)).trim(), '')
  assert.equal((await say(`set server ${name}/${from} state drain`)).trim(), '')
}

function trialTraffic(trial: Trial): void {
  trial('answers 503 while no slot is ready', async ({ place }) => {
    assert.equal((await get(place.port, '/')).status, 503)
  })

  trial('flips under traffic lose nothing and reach both slots', async (world) => {
    await both(world)
    const { place, say } = world
    const agent = new Agent({ keepAlive: true, maxSockets: 12 })
    const seen = { a: 0, b: 0 }
    const wanted = { on: true }
    const client = async (): Promise<void> => {
      while (wanted.on) {
        const { status, slot } = await get(place.port, '/', { agent })
        assert.equal(status, 200)
        seen[slot as 'a' | 'b'] += 1
      }
    }
    const clients = Promise.all(Array.from({ length: 12 }, client))
    for (let turn = 0; turn < 10; turn += 1) {
      const to = turn % 2 === 0 ? 'b' : 'a'
      const before = seen[to]
      await flip(say, to)
      assert.equal((await get(place.port, '/')).slot, to)
      await until(() => seen[to] > before + 12)
    }
    wanted.on = false
    await clients
    agent.destroy()
  })

  trial('answers 1,000 requests over few connections that stay open', async (world) => {
    await both(world)
    const agent = new Agent({ keepAlive: true, maxSockets: 5 })
    const asked = Array.from({ length: 1000 }, async () => (await get(world.place.port, '/', { agent })).text)
    assert.deepEqual(new Set(await Promise.all(asked)), new Set(['hello from a']))
    assert.equal((await world.stat('FRONTEND'))['stot'], '5')
    agent.destroy()
  })

  trial('shares requests evenly while both slots are ready', async (world) => {
    await both(world)
    await world.say(`set server ${name}/b state ready`)
    const slots = await Promise.all(
      Array.from({ length: 40 }, async () => (await get(world.place.port, '/')).slot),
    )
    assert.equal(slots.filter((slot) => slot === 'a').length, 20)
  })

  trial('passes on what is end to end and says who asked', async (world) => {
    await both(world)
    const headers = { 'X-Mine': 'yes', Connection: 'X-Hop', 'X-Hop': 'no', 'Keep-Alive': 'timeout=1' }
    const answer = await get(world.place.port, '/heard?q=a%20b&r=%C3%A9', { headers, method: 'DELETE' })
    const heard = JSON.parse(answer.text) as { url: string; method: string; fields: Record<string, string[]> }
    assert.equal(heard.url, '/heard?q=a%20b&r=%C3%A9')
    assert.equal(heard.method, 'DELETE')
    assert.deepEqual(heard.fields['x-mine'], ['yes'])
    assert.deepEqual(heard.fields['x-forwarded-for'], ['127.0.0.1'])
    assert.deepEqual(heard.fields['host'], [`localhost:${world.place.port}`])
    assert.deepEqual(answer.message.headers['set-cookie'], ['one=1', 'two=2'])
  })

  trial('answers without a body have none', async (world) => {
    await both(world)
    assert.equal((await get(world.place.port, '/', { method: 'HEAD' })).text, '')
    assert.equal((await get(world.place.port, '/status?is=204')).text, '')
    assert.equal((await get(world.place.port, '/status?is=304')).status, 304)
  })

  trial('a big upload arrives whole', async (world) => {
    await both(world)
    const body = Buffer.alloc(pieceBytes, 'tandem ')
    const { text } = await post(world.place.port, '/upload', body)
    assert.equal(text, createHash('sha256').update(body).digest('hex'))
  })
}

function trialDrain(trial: Trial): void {
  trial('a slot that drains keeps the answers, streams and sockets it has', async (world) => {
    const { a } = await both(world)
    const { place, say, stat } = world
    const held = get(place.port, '/held')
    const events = await openEvents(place.port)
    const echo = await openEcho(place.port)
    await until(async () => (await stat('a'))['scur'] === '3')
    await flip(say, 'b')
    assert.equal((await get(place.port, '/')).slot, 'b')
    assert.equal(await echo.say('still here'), 'a: still here')
    const before = events.heard().length
    await until(() => events.heard().length >= before + 3)
    assert.deepEqual(
      events.heard(),
      events.heard().map((_, index) => index + 1),
    )
    a.letGo()
    assert.equal((await held).slot, 'a')
    assert.equal(await echo.say('and here'), 'a: and here')
    events.close()
    await echo.close()
    await until(async () => (await stat('a'))['scur'] === '0')
  })

  trial('the head of an answer does not wait for its body', async (world) => {
    await both(world)
    const quiet = await open(world.place.port, '/quiet')
    assert.equal(quiet.headers['content-type'], 'text/event-stream')
    quiet.on('error', () => {}).destroy()
  })

  trial('a refused upgrade is answered', async (world) => {
    await both(world)
    const headers = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    }
    const answer = await get(world.place.port, '/not-there', { headers })
    assert.equal(answer.status, 403)
    assert.equal(answer.text, 'no ws')
  })
}

function trialOrders(trial: Trial): void {
  const answers = [
    [`set server ${name}/c state ready`, 'No such server.'],
    ['set server nobody.here/a state ready', 'No such backend.'],
    [`set server ${name} state ready`, "Require 'backend/server'."],
    [`set server ${name}/a state sleepy`, "'set server <srv> state' expects 'ready', 'drain' and 'maint'."],
    ['show servers state nobody.here', "Can't find backend."],
    ['dance', 'Unknown command, but maybe one of the following ones is a better match:'],
    ['', 'Unknown command. Please enter one of the following commands only:'],
  ] as const
  trial('wrong orders are refused in these words', async ({ say }) => {
    for (const [line, words] of answers) assert.equal((await say(line)).split('\n')[0], words, line)
  })

  trial('several orders fit in one line, each answered', async ({ say }) => {
    const said = await say(
      `set server ${name}/a state ready; set server ${name}/b state drain; show servers state ${name}`,
    )
    const rows = said.split('\n').filter((line) => line.includes(` ${name} `))
    assert.deepEqual(
      rows.map((line) => line.split(' ')[3]),
      ['a', 'b'],
    )
    assert.equal(rows[0]?.split(' ')[5], '2')
  })

  trial('says the state of each slot', async ({ say, stat }) => {
    assert.equal((await stat('a'))['status'], 'MAINT')
    await say(`set server ${name}/a state ready`)
    assert.equal((await stat('a'))['status'], 'no check')
    assert.equal((await stat('BACKEND'))['status'], 'UP')
    await say(`set server ${name}/a state drain`)
    assert.equal((await stat('a'))['status'], 'DRAIN')
    assert.equal((await stat('BACKEND'))['status'], 'DOWN')
  })
}

function trialCounts(trial: Trial): void {
  trial('counts requests and answers by slot', async (world) => {
    await both(world)
    const { place, stat } = world
    const wanted = [200, 200, 200, 404, 404, 500, 503, 301]
    for (const is of wanted) await get(place.port, `/status?is=${is}`)
    const row = await stat('a')
    const counts = ['stot', 'hrsp_2xx', 'hrsp_3xx', 'hrsp_4xx', 'hrsp_5xx', 'econ', 'eresp', 'req_tot']
    assert.deepEqual(
      counts.map((column) => row[column]),
      ['8', '3', '1', '2', '2', '0', '0', '8'],
    )
    assert.equal((await stat('b'))['stot'], '0')
    assert.equal((await stat('BACKEND'))['hrsp_5xx'], '2')
    assert.equal((await stat('FRONTEND'))['req_tot'], '8')
  })

  trial('columns stand where their readers look for them', async (world) => {
    await both(world)
    await get(world.place.port, '/slow?ms=60')
    const head = (await world.say('show stat')).split('\n')[0]?.split(',') ?? []
    const places = [0, 1, 4, 7, 13, 14, 17, 43, 60, 61].map((index) => head[index])
    const names = [
      '# pxname',
      'svname',
      'scur',
      'stot',
      'econ',
      'eresp',
      'status',
      'hrsp_5xx',
      'rtime',
      'ttime',
    ]
    assert.deepEqual(places, names)
    const { rtime, ttime } = await world.stat('a')
    assert.ok(Number(rtime) >= 55 && Number(ttime) >= Number(rtime), `${rtime} ${ttime}`)
  })
}

function trialFailures(trial: Trial): void {
  trial(
    'a connection that breaks before the answer is a 502, counted as lost and not as an answer',
    async (world) => {
      await both(world)
      assert.equal((await get(world.place.port, '/close')).status, 502)
      const { eresp, hrsp_5xx, stot } = await world.stat('a')
      assert.deepEqual([eresp, hrsp_5xx, stot], ['1', '0', '1'])
    },
  )

  trial('an answer that breaks off is cut and counted as lost', async (world) => {
    await both(world)
    await assert.rejects(get(world.place.port, '/half'))
    await until(async () => (await world.stat('a'))['eresp'] === '1')
  })

  trial('waits for an app that does not listen yet', async (world) => {
    await world.say(`set server ${name}/a state ready`)
    const waiting = get(world.place.port, '/')
    await sleep(300)
    await world.startApp('a')
    assert.equal((await waiting).text, 'hello from a')
  })
}

export type Echo = Readonly<{
  say: (text: string) => Promise<string>
  close: () => Promise<void>
  /** The code that the socket was closed with; 1006 when it was cut. */
  ended: Promise<number>
}>

export async function openEcho(port: number): Promise<Echo> {
  const socket = new WebSocket(`ws://localhost:${port}/ws`)
  const next = (event: string): Promise<Event> =>
    new Promise((resolve, reject) => {
      socket.addEventListener(event, resolve, { once: true })
      socket.addEventListener('error', () => reject(new Error('the socket broke')), { once: true })
    })
  await next('open')
  const ended = Promise.withResolvers<number>()
  socket.addEventListener('close', ({ code }) => ended.resolve(code), { once: true })
  return {
    ended: ended.promise,
    say: async (text) => {
      const heard = next('message')
      socket.send(text)
      const event = await heard
      return event instanceof MessageEvent ? String(event.data) : ''
    },
    close: async () => {
      const closed = next('close')
      socket.close(1000)
      await closed
    },
  }
}

type Events = Readonly<{ heard: () => readonly number[]; close: () => void }>

async function openEvents(port: number): Promise<Events> {
  const message = await open(port, '/events')
  let text = ''
  message.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  message.on('error', () => (text += 'data: 0\n'))
  return {
    heard: () => [...text.matchAll(/data: (\d+)\n/g)].map(([, digits]) => Number(digits)),
    close: () => message.destroy(),
  }
}

const waitLimitMs = 20_000

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + waitLimitMs
  while (!(await isSo())) {
    assert.ok(performance.now() < deadlineMs, `not so after ${waitLimitMs} ms: ${String(isSo)}`)
    await sleep(20)
  }
}
