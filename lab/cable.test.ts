import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openCable } from './cable.ts'
import type { Cable } from './cable.ts'

describe('a cable', () => {
  const farErrors: (string | undefined)[] = []
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on('error', (error: NodeJS.ErrnoException) => farErrors.push(error.code))
    socket.pipe(socket)
  })
  const cables: Cable[] = []
  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  after(async () => {
    for (const cable of cables) await cable.close()
    server.close()
  })

  async function plug(roundTripMs: number): Promise<Readonly<{ cable: Cable; socket: Socket }>> {
    const to = { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
    const cable = await openCable({ to, roundTripMs })
    cables.push(cable)
    return { cable, socket: connect({ ...cable, noDelay: true, allowHalfOpen: true }) }
  }

  test('a question and its answer take the round trip longer, the first also the handshake', async () => {
    const { socket } = await plug(80)
    const times: number[] = []
    // The quickest tells the delay; the others may have waited for a busy processor besides.
    for (let turn = 0; turn < 5 || (turn < 50 && Math.min(...times.slice(1)) >= 120); turn += 1) {
      const asked = performance.now()
      socket.write('ping')
      await once(socket, 'data')
      times.push(performance.now() - asked)
    }
    socket.destroy()
    const [first = 0, ...later] = times
    assert.ok(first >= 158, String(times))
    assert.ok(Math.min(...later) >= 78 && Math.min(...later) < 120, String(times))
  })

  test('many bytes arrive whole, in order, counted, and the end comes after them', async () => {
    const { cable, socket } = await plug(10)
    const sent = randomBytes(8 * 1024 * 1024)
    const hash = createHash('sha256')
    socket.on('data', (bytes) => hash.update(bytes))
    socket.end(sent)
    await once(socket, 'end')
    assert.equal(hash.digest('hex'), createHash('sha256').update(sent).digest('hex'))
    assert.deepEqual(cable.bytes(), { up: sent.length, down: sent.length })
    for (let waits = 0; waits < 500 && cable.connections() > 0; waits += 1) await sleep(10)
    assert.equal(cable.connections(), 0)
  })

  test('through a cut cable nothing comes, and after mending it comes all', async () => {
    const { cable, socket } = await plug(4)
    socket.write('a')
    await once(socket, 'data')
    cable.cut()
    socket.write('b')
    assert.equal(
      await Promise.race([once(socket, 'data'), once(socket, 'close'), sleep(150, 'silence')]),
      'silence',
    )
    cable.mend()
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    assert.equal(bytes.toString(), 'b')
    socket.destroy()
  })

  test('a connection made through a cut cable waits for the mending', async () => {
    const { cable, socket } = await plug(4)
    cable.cut()
    socket.write('early')
    assert.equal(await Promise.race([once(socket, 'data'), sleep(100, 'silence')]), 'silence')
    cable.mend()
    await once(socket, 'data')
    socket.destroy()
  })

  test('a reset is felt at both ends', async () => {
    const { cable, socket } = await plug(4)
    socket.write('a')
    await once(socket, 'data')
    const felt = once(socket, 'error')
    cable.reset()
    assert.equal(((await felt)[0] as NodeJS.ErrnoException).code, 'ECONNRESET')
    for (let waits = 0; waits < 500 && farErrors.length === 0; waits += 1) await sleep(10)
    assert.deepEqual(farErrors, ['ECONNRESET'])
  })
})
