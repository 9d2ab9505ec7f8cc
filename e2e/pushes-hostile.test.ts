import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { run } from '../lab/run.ts'
import { repoDir } from '../src/vcs/repository.ts'
import { until } from './lab/until.ts'
import { type Checkout, checkoutIn, gitEnv, type ServedHub, serveHub, twoPeople } from './repos/served-hub.ts'

const zeros = '0'.repeat(40)
const megabyte = 1024 * 1024

// One story, told in order.
describe('a push that is more than anybody pushes', { timeout: 600_000 }, () => {
  let hub: ServedHub
  let ada: Checkout
  const bare = () => repoDir(hub.stateDir, 'shop')
  const pushes = async () => (await hub.asides('shop')).filter((aside) => aside.type === 'pushed')
  const left = async () => (await readdir(join(bare(), 'objects'))).filter((name) => name.startsWith('tmp'))
  const diskOf = async () => Number((await run(['du', '-sk', bare()])).stdout.split('\t')[0]) * 1024

  before(async () => {
    hub = await serveHub(`${twoPeople}, repos: { shop: { largest: '16M' } }`)
    ada = await checkoutIn(join(hub.dir, 'ada'), hub.clone('shop'))
    await ada.commit('First basket', { 'a.txt': 'one\n' })
    await ada.must('push', '--quiet', '-o', 'detach', 'tandem', 'main')
  })
  after(async () => {
    await hub.close()
    assert.deepEqual(hub.broken, [])
  })

  /** Sends bytes to the door as a client of git would, as many as it takes. */
  const send = async (pieces: Iterable<Buffer>) => {
    const authorization = `Basic ${Buffer.from(`x:${hub.secret('ada')}`).toString('base64')}`
    const headers = { authorization, 'content-type': 'application/x-git-receive-pack-request' }
    const asking = request(`${hub.url}/git/shop.git/git-receive-pack`, { method: 'POST', headers })
    asking.setMaxListeners(0)
    const answered = new Promise<string>((resolve) => {
      let said = ''
      // Who goes on sending after they were answered is cut off.
      asking.on('error', () => resolve(said))
      asking.once('response', (response) => {
        response.setEncoding('latin1').on('data', (text: string) => (said += text))
        response.once('close', () => resolve(said))
      })
    })
    let bytes = 0
    for (const piece of pieces) {
      if (asking.destroyed) break
      bytes += piece.length
      if (!asking.write(piece))
        await new Promise<void>((resolve) => asking.once('drain', resolve).once('close', resolve))
    }
    asking.end()
    return { said: await answered, bytes }
  }

  test('is ended after its limit, though it says that it is two gigabytes, and the disk is as it was', async () => {
    const before = await diskOf()
    const began = performance.now()
    const { said, bytes } = await send(twoGigabytes())
    assert.match(said, /pack exceeds maximum allowed size/)
    assert.ok(bytes < 200 * megabyte, `${bytes} bytes were read`)
    assert.ok(performance.now() - began < 180_000)
    await until('nothing is left', async () => (await left()).length === 0)
    assert.ok((await diskOf()) < before + megabyte)
  })

  test('is refused in clear words when it moves a hundred thousand refs, in the time that its lines take', async () => {
    const head = await ada.must('rev-parse', 'HEAD')
    const { said } = await send(manyRefs(head, 100_000))
    assert.match(said, /refused: this push moves 100000 refs, and 1000 is the most/)
    assert.match(said, /now: push them in parts/)
    assert.equal((await fetch(`${hub.url}/api/version`)).status, 200)
  })

  test('is written down ref by ref when it moves as many as may be', async () => {
    const head = await ada.must('rev-parse', 'HEAD')
    const { said } = await send(manyRefs(head, 1_000))
    assert.match(said, /ok refs\/tags\/t999/)
    const last = async () => (await pushes())[0]
    await until('the last is in the ledger', async () => (await last())?.ref === 'refs/tags/t999', 180_000)
  })

  test('leaves nothing behind when who pushes is gone in the middle', async () => {
    const head = await ada.must('rev-parse', 'main')
    for (let nth = 0; nth < 5; nth += 1) {
      const pieces = twoGigabytes()
      const authorization = `Basic ${Buffer.from(`x:${hub.secret('ada')}`).toString('base64')}`
      const headers = { authorization, 'content-type': 'application/x-git-receive-pack-request' }
      const asking = request(`${hub.url}/git/shop.git/git-receive-pack`, { method: 'POST', headers })
      asking.on('error', () => undefined)
      for (let sent = 0; sent < 3 + nth; sent += 1) asking.write(pieces.next().value ?? '')
      await pause(100 * nth)
      asking.destroy()
    }
    await until('nothing is left', async () => (await left()).length === 0, 120_000)
    assert.equal((await run(['git', '-C', bare(), 'rev-parse', 'main'], { env: gitEnv })).stdout.trim(), head)
    await ada.commit('After them', {})
    await ada.must('push', '--quiet', '-o', 'detach', 'tandem', 'main')
  })

  test('loses nothing to another in the same second', async () => {
    const eight = Array.from({ length: 8 }, async (_, nth) => {
      const one = await checkoutIn(join(hub.dir, `other-${nth}`), hub.clone('shop'))
      await one.must('fetch', '--quiet', 'tandem', 'main')
      await one.must('reset', '--quiet', '--hard', 'FETCH_HEAD')
      const commit = await one.commit(`By ${nth}`, { [`${nth}.txt`]: 'x\n' })
      return { one, commit, nth }
    })
    const said = await Promise.all(
      (await Promise.all(eight)).map(async ({ one, commit, nth }) => {
        const own = await one.git('push', '-o', 'detach', 'tandem', `main:by-${nth}`)
        const trunk = await one.git('push', '-o', 'detach', 'tandem', 'main')
        return { own: own.code, trunk: trunk.code, commit, nth, why: own.stderr + trunk.stderr }
      }),
    )
    assert.deepEqual([...new Set(said.map(({ own }) => own))], [0], said.map(({ why }) => why).join('\n'))
    const winners = said.filter(({ trunk }) => trunk === 0)
    assert.equal(winners.length, 1)
    for (const { trunk, why } of said)
      if (trunk !== 0) assert.match(why, /fetch first|rejected|failed to update|cannot lock/)
    const wanted = said.map(({ nth, commit }) => `refs/heads/by-${nth} ${commit}`)
    const all = [...wanted, `refs/heads/main ${winners[0]?.commit}`].toSorted()
    const told = async () => (await pushes()).slice(0, 9).map((aside) => `${aside.ref} ${aside.to}`)
    await until('all of them are in the ledger, once', async () =>
      isDeepStrictEqual((await told()).toSorted(), all),
    )
  })
})

const framed = (text: string): Buffer =>
  Buffer.from((Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text)
const able = '\0 report-status side-band-64k push-options object-format=sha1'
const options = Buffer.concat([framed('detach'), Buffer.from('0000')])

/** A pack with one file of two gigabytes of which nothing is known before it is read: zlib's blocks that are not packed. */
function* twoGigabytes(): Generator<Buffer> {
  const hash = 'e'.repeat(40)
  const head = Buffer.from('5041434b0000000200000001', 'hex')
  // A blob of 2^31 bytes.
  const size = Buffer.from([0xb0, 0x80, 0x80, 0x80, 0x40])
  const zlib = Buffer.from([0x78, 0x01])
  yield Buffer.concat([framed(`${zeros} ${hash} refs/heads/huge${able}`), Buffer.from('0000'), options])
  yield Buffer.concat([head, size, zlib])
  const block = Buffer.alloc(5 + 0xffff)
  Buffer.from([0x00, 0xff, 0xff, 0x00, 0x00]).copy(block)
  const many = Buffer.concat(Array.from({ length: 64 }, () => block))
  for (let sent = 0; sent < 2 * 1024 * megabyte; sent += many.length) yield many
}

/** New tags of a commit that is there, and a pack of nothing. */
function* manyRefs(commit: string, count: number): Generator<Buffer> {
  const lines = Array.from({ length: count }, (_, nth) =>
    framed(`${zeros} ${commit} refs/tags/t${nth}${nth === 0 ? able : ''}`),
  )
  yield Buffer.concat([...lines, Buffer.from('0000'), options])
  yield Buffer.from('5041434b0000000200000000029d08823bd8a8eab510ad6ac75c823cfd3ed31e', 'hex')
}
