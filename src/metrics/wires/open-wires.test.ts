import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { constants } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, test, type TestContext } from 'node:test'
import type { StatsdConfig, WireConfig } from '../../config/metrics/wires.ts'
import { deserialize } from 'node:v8'
import type { Flush } from '../lines/flush.ts'
import { readFlushes } from '../lines/read-flushes.ts'
import type { Event } from '../statsd/said.ts'
import { tryIntake } from '../try-intake.ts'
import { openWires } from './open-wires.ts'
import { freePort } from './try-port.ts'
import { smallBufferSaid } from './udp-socket.ts'
import type { WireName } from './wire.ts'

const wire: WireConfig = {
  address: '127.0.0.1',
  port: 0,
  flushMs: 20,
  idleMs: 60_000,
  seriesLimit: 1000,
  receiveBufferBytes: 200_000,
  rules: [],
}
const statsd: StatsdConfig = { ...wire, buckets: { seconds: [1], values: [10] } }

/** Wires that listen, an intake that they fill, and what was said. */
async function listening(
  t: TestContext,
  config: Readonly<{ statsd: StatsdConfig | null; graphite: WireConfig | null }>,
  deliver?: (flush: Flush) => boolean,
) {
  const intake = tryIntake()
  const read = readFlushes(intake)
  const [told, events, bugs]: [string[], Event[], unknown[]] = [[], [], []]
  const placed = <T extends WireConfig>(one: T | null, port: number) =>
    one && { ...one, port: one.port || port }
  const free = {
    statsd: placed(config.statsd, await freePort()),
    graphite: placed(config.graphite, await freePort()),
  }
  const wires = openWires(free, {
    deliver: async (sender, body) => {
      if (deliver !== undefined && !deliver(deserialize(body) as Flush)) return false
      const parcel = { protocol: sender, sender, body, contentType: '', contentEncoding: '', atMs: 0 }
      const receipt = read({ ...parcel, labels: {}, honour: { labels: true, times: true } })
      return receipt.taken === receipt.samples
    },
    mark: async (event) => void events.push(event),
    tell: (line) => void told.push(line),
    broke: (thrown) => void bugs.push(thrown),
  })
  t.after(() => wires.close())
  const places = await wires.listening
  const until = async (isThere: (lines: readonly string[]) => boolean) => {
    for (let look = 0; look < 2_000 && !isThere(intake.lines()); look += 1) await pause(10)
    assert.ok(isThere(intake.lines()), intake.lines().slice(-20).join('\n'))
  }
  const has = (start: string) => until((lines) => lines.some((line) => line.startsWith(start)))
  return {
    wires,
    intake,
    places,
    told,
    events,
    bugs,
    until,
    has,
    portOf: (name: WireName) => places.get(name)?.port ?? 0,
  }
}

async function sendUdp(port: number, packet: string | Buffer): Promise<void> {
  const socket = createSocket('udp4')
  await new Promise((resolve) => socket.send(packet, port, '127.0.0.1', resolve))
  socket.close()
}

async function sendTcp(port: number, pieces: readonly (string | Buffer)[], isEnded = true): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(piece, resolve))
    await pause(5)
  }
  if (isEnded) socket.end()
  else socket.resetAndDestroy()
}

describe('lines', () => {
  test('come by UDP and TCP, of both protocols, and own numbers with them', async (t) => {
    const { portOf, has, bugs } = await listening(t, { statsd, graphite: wire })
    await sendUdp(portOf('statsd'), 'a:1|c\nb:2|g')
    await sendTcp(portOf('statsd'), ['c:3', '|g\nd:', '4|g'])
    await sendUdp(portOf('graphite'), 'e.f 5 1000\n')
    await sendTcp(portOf('graphite'), ['g.h 6 ', '1000\n'])
    for (const line of ['a_total 1 @', 'b 2 @', 'c 3 @', 'd 4 @', 'e_f 5 @1000000', 'g_h 6 @1000000'])
      await has(line)
    for (const line of [
      'statsd_packets_total 1 @',
      'statsd_lines_total 4 @',
      'statsd_series 4 @',
      'graphite_lines_total 2 @',
    ])
      await has(line)
    assert.deepEqual(bugs, [])
  })

  test('that are wrong are counted and shown', async (t) => {
    const { portOf, has, told } = await listening(t, { statsd, graphite: null })
    await sendUdp(portOf('statsd'), 'no\nno2\n')
    await has('statsd_lines_bad_total{reason="shape"} 2 @')
    assert.ok(told.includes('statsd: a line was refused (shape): no'))
  })

  test('that never end, packets of 64 KiB and bytes of any kind do not keep others out', async (t) => {
    const { portOf, has } = await listening(t, { statsd, graphite: null })
    await sendTcp(
      portOf('statsd'),
      Array.from({ length: 50 }, () => Buffer.alloc(64 * 1024, 0x61)),
    )
    await sendUdp(portOf('statsd'), Buffer.alloc(65_507, 0xff))
    await sendUdp(portOf('statsd'), Buffer.from(`${'x:1|c\n'.repeat(10_000)}`))
    await sendUdp(portOf('statsd'), Buffer.alloc(0))
    await sendUdp(portOf('statsd'), 'good:1|c')
    await has('good_total 1 @')
    await has('x_total 10000 @')
    await has('statsd_lines_bad_total{reason="too long"} 1 @')
    await has('statsd_packets_total 4 @')
  })

  test('of a connection that broke are not taken for whole', async (t) => {
    const { portOf, has, until } = await listening(t, { statsd, graphite: null })
    await sendTcp(portOf('statsd'), ['a:1|g\nb:12'], false)
    await sendTcp(portOf('statsd'), ['c:1|g\n'])
    await has('c 1 @')
    await until((lines) => lines.some((line) => line.startsWith('statsd_connections 0 @')))
    await until((lines) => !lines.some((line) => line.startsWith('b ')))
  })
})

test('events are told at once', async (t) => {
  const { portOf, events, until } = await listening(t, { statsd, graphite: null })
  await sendUdp(portOf('statsd'), '_e{6,4}:backup|done|t:success')
  await until(() => events.length === 1)
  assert.deepEqual([events[0]?.title, events[0]?.text, events[0]?.kind], ['backup', 'done', 'success'])
})

test('who could not take a flush is told all names with the next, and no count is lost', async (t) => {
  let refused = 0
  const { portOf, has } = await listening(t, { statsd, graphite: null }, ({ series }) => {
    if (refused >= 2 || series.length < 8) return true
    refused += 1
    if (refused === 1) throw new Error('the disk is full')
    return false
  })
  await sendUdp(portOf('statsd'), 'a:1|c\nb:1|c\nc:1|c')
  await has('a_total 1 @')
  assert.equal(refused, 2)
})

test('what was taken last is flushed at the end', async (t) => {
  const { wires, portOf, intake } = await listening(t, {
    statsd: { ...statsd, flushMs: 60_000 },
    graphite: null,
  })
  await sendTcp(portOf('statsd'), ['a:1|c\n'])
  // Time in which it is read, also where one long pause would be over before anything was.
  for (let turn = 0; turn < 20; turn += 1) await pause(5)
  await wires.close()
  assert.ok(intake.lines().some((line) => line.startsWith('a_total 1 @')))
})

test('a port that another program holds is told, with what to do', async (t) => {
  const other = createSocket('udp4').bind(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address()
  const { told, places } = await listening(t, { statsd: { ...statsd, port }, graphite: wire })
  other.close()
  assert.deepEqual([...places.keys()], ['graphite'])
  assert.deepEqual(told, [
    `statsd: another program listens at 127.0.0.1 port ${port}; look with \`ss -lunpt 'sport = :${port}'\`, or set metrics.statsd.listen in tandem.ts`,
  ])
})

test('a kernel that gives less than it was asked for is told of, with what to do', () => {
  assert.equal(smallBufferSaid('statsd', 4096, 4096), null)
  assert.match(
    smallBufferSaid('statsd', 8 * 1024 * 1024, 212_992) ?? '',
    /0\.2 MiB .* not 8 MiB.*net\.core\.rmem_max=8388608/,
  )
})

test('the thread that listens goes before others, where we may say so', async (t) => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    t.skip('only root may, and only Linux ranks threads; this runs there')
    return
  }
  // The nineteenth field of each thread is how nice it is.
  const nice = () =>
    readdirSync('/proc/self/task').map((task) =>
      Number(readFileSync(`/proc/self/task/${task}/stat`, 'latin1').split(') ')[1]?.split(' ')[16]),
    )
  assert.ok(!nice().includes(constants.priority.PRIORITY_HIGH))
  await listening(t, { statsd, graphite: null })
  assert.ok(nice().includes(constants.priority.PRIORITY_HIGH))
})
