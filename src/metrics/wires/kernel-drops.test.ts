import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { dropsIn, kernelDrops } from './kernel-drops.ts'

const table = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  294: 0100007F:1FBD 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 70133 2 0000000000000000 4711
  295: 00000000:1FBD 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 70134 2 0000000000000000 0
`
const table6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 7: 00000000000000000000000001000000:1FBD 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 12
 8: B80D0120000000000000000034120000:1FBD 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 13
`

test('drops are those of the very socket', () => {
  assert.equal(dropsIn(table, '127.0.0.1', 8125), 4711)
  assert.equal(dropsIn(table, '0.0.0.0', 8125), 0)
  assert.equal(dropsIn(table, '127.0.0.1', 8126), null)
  assert.equal(dropsIn(table6, '::1', 8125), 12)
  assert.equal(dropsIn(table6, '2001:db8::1234', 8125), 13)
  assert.equal(dropsIn('', '::', 1), null)
})

test('the kernel counts what a socket has no room for', async (t) => {
  if (!existsSync('/proc/net/udp')) {
    t.skip('only Linux tells of drops; this runs there')
    return
  }
  const [deaf, sender] = [createSocket('udp4'), createSocket('udp4')]
  deaf.bind(0, '127.0.0.1')
  await once(deaf, 'listening')
  deaf.setRecvBufferSize(4096)
  const { port } = deaf.address()
  assert.equal(await kernelDrops('127.0.0.1', port), 0)
  // Sent before this process reads: what is too much is dropped at once.
  for (let packet = 0; packet < 200; packet += 1) sender.send(Buffer.alloc(1000), port, '127.0.0.1')
  let dropped = 0
  for (let look = 0; look < 50 && dropped === 0; look += 1)
    dropped = (await kernelDrops('127.0.0.1', port)) ?? 0
  deaf.close()
  sender.close()
  assert.ok(dropped > 0)
})
