import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { TroubleError } from '../../change/trouble.ts'
import { labelsOf } from '../../metrics/labels.ts'
import type { Parcel, Receipt } from '../../metrics/metrics-side.ts'
import { compress } from '../../metrics/ingest/snappy/compress.ts'
import { writeRequest } from '../../metrics/ingest/remote-write/write-request.ts'
import type { HubSide } from '../hub-side.ts'
import { tryHub } from '../../hub/metrics/try-intake-hub.ts'

const noPrometheus =
  spawnSync('prometheus', ['--version']).status === 0 ? false : 'prometheus is not installed here'

const protobuf = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' }

const one = (name: string, value: number, ms = Date.now()): Uint8Array<ArrayBuffer> =>
  writeRequest([{ labels: labelsOf({ __name__: name }), times: [ms], values: [value], stale: null }])

/** Metrics that answer to every parcel the same. */
function answering(answer: Receipt | Error, parcels: Parcel[] = []): HubSide['metrics'] {
  const never = async (): Promise<never> => assert.fail('nobody asks this')
  return {
    take: async (parcel) => {
      parcels.push(parcel)
      if (answer instanceof Error) throw answer
      return answer
    },
    write: never,
    ask: never,
    scrape: never,
    targets: never,
    top: never,
    snapshot: never,
    clean: never,
  }
}

test('samples of remote write are there when they are acknowledged', async (t) => {
  const hub = await tryHub(t)
  const answer = await hub.send('/api/v1/write', compress(one('up', 1)), protobuf)
  assert.deepEqual([answer.status, await answer.text()], [204, ''])
  assert.deepEqual(await hub.ask('up'), ['up 1'])
})

test('a body may be packed in all the usual ways', async (t) => {
  const hub = await tryHub(t)
  const packed: Readonly<Record<string, Uint8Array>> = {
    gzip: gzipSync(one('a', 1)),
    zstd: zstdCompressSync(one('b', 2)),
    snappy: compress(one('c', 3)),
    identity: one('d', 4),
  }
  for (const [encoding, body] of Object.entries(packed)) {
    const answer = await hub.send('/api/v1/write', body, { ...protobuf, 'content-encoding': encoding })
    assert.equal(answer.status, 204, encoding)
  }
  const bare = await hub.send('/api/v1/write', compress(one('e', 5)), {
    'content-type': 'application/x-protobuf',
  })
  assert.equal(bare.status, 204)
  assert.deepEqual(await hub.ask('{__name__=~".+"}'), ['a 1', 'b 2', 'c 3', 'd 4', 'e 5'])
})

test('only those may send who may do more than look', async (t) => {
  const hub = await tryHub(t)
  const body = compress(one('up', 1))
  const status = async (authorization: string): Promise<number> =>
    (await hub.send('/api/v1/write', body, { ...protobuf, authorization })).status
  assert.equal(await status(''), 401)
  assert.equal(await status('Bearer nobody'), 401)
  assert.equal(await status(`Bearer ${hub.looking}`), 403)
  assert.equal(await status(`Basic ${Buffer.from(`any:${hub.looking}`).toString('base64')}`), 403)
  assert.deepEqual(await hub.ask('up'), [])
  assert.equal(await status(`Basic ${Buffer.from(`any:${hub.secret}`).toString('base64')}`), 204)
  const { key, secret } = await hub.keys.create({ name: 'web1', who: 'ada' })
  assert.equal(await status(`Bearer ${secret}`), 204)
  await hub.keys.revoke(key.id)
  assert.equal(await status(`Bearer ${secret}`), 401)
})

test('what cannot be read or is too much is refused for good', async (t) => {
  const hub = await tryHub(t)
  const bomb = gzipSync(Buffer.alloc(70 * 2 ** 20))
  const cases: readonly (readonly [Uint8Array, Record<string, string>, number, RegExp])[] = [
    [Buffer.from('rubbish'), {}, 400, /./],
    [compress(Buffer.from('rubbish')), {}, 400, /at byte \d+: /],
    [
      Buffer.from('ffffffff7f00', 'hex'),
      {},
      413,
      /67108864 bytes are allowed, and the content would be 34359738367 bytes long/,
    ],
    [bomb, { 'content-encoding': 'gzip' }, 413, /would be longer/],
    [bomb.subarray(0, 99), { 'content-encoding': 'gzip' }, 400, /cannot be unpacked/],
    [Buffer.from('x'), { 'content-encoding': 'br' }, 415, /nobody unpacks br here/],
    [Buffer.from('x'), { 'content-type': 'text/plain' }, 415, /application\/x-protobuf/],
    [compress(one('up', 1, 1)), {}, 400, /^1 of 1 samples were not taken: 1 too old\n$/],
    [compress(one('up', 1, 4e12)), {}, 400, /^1 of 1 samples were not taken: 1 too new\n$/],
  ]
  for (const [body, headers, status, words] of cases) {
    const answer = await hub.send('/api/v1/write', body, { ...protobuf, ...headers })
    const text = await answer.text()
    assert.equal(answer.status, status, text)
    assert.match(text, words)
    assert.equal(answer.headers.get('retry-after'), null)
  }
  const got = await fetch(`${hub.url}/api/v1/write`)
  assert.deepEqual([got.status, got.headers.get('allow')], [405, 'POST'])
})

test('senders of remote write 2.0 are told how much was written', async (t) => {
  const hub = await tryHub(t)
  const symbols = ['', '__name__', 'up'].map((text) => Buffer.from([0x22, text.length, ...Buffer.from(text)]))
  const series = (value: number, ms: readonly number[]): Buffer => {
    const sample = [0x09, 0, 0, 0, 0, 0, 0, 0xf0 | value, 0x3f, 0x10, ...ms]
    return Buffer.from([0x2a, 6 + sample.length, 0x0a, 2, 1, 2, 0x12, sample.length, ...sample])
  }
  const v2 = { ...protobuf, 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request' }
  const counts = (answer: Response): readonly (string | null)[] =>
    ['samples', 'histograms', 'exemplars'].map((kind) =>
      answer.headers.get(`x-prometheus-remote-write-${kind}-written`),
    )
  const good = await hub.send(
    '/api/v1/write',
    compress(Buffer.concat([...symbols, series(0, varint(Date.now()))])),
    v2,
  )
  assert.deepEqual([good.status, ...counts(good)], [204, '1', '0', '0'])
  assert.deepEqual(await hub.ask('up'), ['up 1'])
  const partly = await hub.send(
    '/api/v1/write',
    compress(Buffer.concat([...symbols, series(0, [1]), series(0, varint(Date.now() + 1))])),
    v2,
  )
  assert.deepEqual([partly.status, ...counts(partly)], [400, '1', '0', '0'])
  const broken = await hub.send('/api/v1/write', compress(series(0, [1])), v2)
  assert.deepEqual([broken.status, ...counts(broken)], [400, '0', '0', '0'])
  const unknown = await hub.send('/api/v1/write', compress(one('up', 1)), {
    ...v2,
    'content-type': 'application/x-protobuf;proto=x.Request',
  })
  assert.equal(unknown.status, 415)
})

function varint(value: number): readonly number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return [...bytes, rest]
}

test('what fails through no fault of the sender is asked for again', async (t) => {
  const trouble = { what: 'the engine has died', now: 'wait' }
  for (const fault of [{ type: 'later', what: 'the disk is full' } as const, new TroubleError(trouble)]) {
    const hub = await tryHub(t, answering(fault))
    const answer = await hub.send('/api/v1/write', compress(one('up', 1)), protobuf)
    assert.equal(answer.status, 503)
    assert.equal(answer.headers.get('retry-after'), '5')
    assert.match(await answer.text(), /the disk is full|the engine has died: wait/)
  }
})

test('a body is handed over as it came, and says who sent it', async (t) => {
  const parcels: Parcel[] = []
  const hub = await tryHub(t, answering({ type: 'taken', samples: 1, taken: 1, refused: {} }, parcels))
  const body = compress(one('up', 1))
  await hub.send('/api/v1/write', body, protobuf)
  const [parcel] = parcels
  assert.deepEqual(Buffer.from(parcel?.body ?? []), Buffer.from(body))
  assert.equal(parcel?.body.buffer.byteLength, body.length, 'its bytes are its own')
  assert.equal(parcel?.sender, 'ada')
  assert.equal(parcel?.protocol, 'remote write')
})

test('bodies that announce too much, or all together more than there is room for, are not read', async (t) => {
  const hub = await tryHub(t)
  const head = (length: number): string =>
    `POST /api/v1/write HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${hub.secret}\r\ncontent-type: application/x-protobuf\r\ncontent-length: ${length}\r\n\r\n`
  const { hostname, port } = new URL(hub.url)
  const open = () => connect(Number(port), hostname)
  const statusOf = async (length: number): Promise<string> => {
    const socket = open()
    socket.write(head(length))
    const [answer] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    return answer.toString().slice(9, 12)
  }
  assert.equal(await statusOf(33 * 2 ** 20), '413')
  const slow = [open(), open(), open()]
  for (const socket of slow) socket.write(head(32 * 2 ** 20))
  const small = async () => (await hub.send('/api/v1/write', compress(one('up', 1)), protobuf)).status
  while ((await small()) !== 503) await pause(10)
  assert.equal(await statusOf(1000), '503')
  for (const socket of slow) socket.destroy()
  while ((await small()) !== 204) await pause(10)
})

test('a body of unknown length is read up to the limit', async (t) => {
  const hub = await tryHub(t)
  const send = async (pieces: readonly Uint8Array[]): Promise<number | undefined> => {
    const headers = { authorization: `Bearer ${hub.secret}`, ...protobuf }
    const request = httpRequest(`${hub.url}/api/v1/write`, { method: 'POST', headers })
    const answered = once(request, 'response')
    request.on('error', () => {})
    for (const piece of pieces) request.write(piece)
    request.end()
    const [response] = (await answered) as [{ statusCode: number; resume: () => void }]
    response.resume()
    return response.statusCode
  }
  const body = compress(one('up', 1))
  assert.equal(await send([body.subarray(0, 5), body.subarray(5)]), 204)
  const mib = Buffer.alloc(2 ** 20)
  assert.equal(await send(Array.from({ length: 34 }, () => mib)), 413)
})

test('a Prometheus sends on what it scrapes', { skip: noPrometheus }, async (t) => {
  const hub = await tryHub(t)
  const folder = await mkdtemp(join(tmpdir(), 'tandem-sender-'))
  const config = join(folder, 'prometheus.yml')
  const listen = `127.0.0.1:${await freePort()}`
  await writeFile(
    config,
    JSON.stringify({
      global: { scrape_interval: '1s', external_labels: { via: 'prometheus' } },
      scrape_configs: [{ job_name: 'itself', static_configs: [{ targets: [listen] }] }],
      remote_write: [
        {
          url: `${hub.url}/api/v1/write`,
          authorization: { credentials: hub.secret },
          metadata_config: { send_interval: '1s' },
        },
      ],
    }),
  )
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'db')}`,
    `--web.listen-address=${listen}`,
    '--log.level=warn',
  ]
  const sender = spawn('prometheus', args, { stdio: 'ignore' })
  // Asked for now: one that ends by itself is not waited for in vain.
  const ended = once(sender, 'exit')
  try {
    const until = Date.now() + 60_000
    let up: readonly string[] = []
    while (up.length === 0 && Date.now() < until) {
      await pause(500)
      up = await hub.ask('up')
    }
    assert.deepEqual(up, [`up{instance="${listen}",job="itself",via="prometheus"} 1`])
    const [count = ''] = await hub.ask('count({job="itself"})')
    assert.ok(Number(count.trim()) > 300, count)
    assert.deepEqual(
      await hub.ask('sum(rate(prometheus_remote_storage_samples_failed_total[1m])) or vector(0)'),
      [' 0'],
    )
  } finally {
    sender.kill('SIGKILL')
    await ended
    await rm(folder, { recursive: true })
  }
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  assert.ok(typeof address === 'object' && address !== null)
  return address.port
}
