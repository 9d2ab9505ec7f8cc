// The server's half of RFC 6455, as far as an echo needs it.
import { createHash } from 'node:crypto'

const HANDSHAKE_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const MAX_PAYLOAD_BYTES = 1024 * 1024
const CLOSE_LIMIT_MS = 2000
const CLOSE = 8
const PING = 9
const PONG = 10

export function acceptWebSocket(request, socket, headers) {
  const key = createHash('sha1')
    .update(request.headers['sec-websocket-key'] + HANDSHAKE_GUID)
    .digest('base64')
  const lines = Object.entries({ ...headers, 'sec-websocket-accept': key }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  const head = ['HTTP/1.1 101 Switching Protocols', 'upgrade: websocket', 'connection: upgrade', ...lines]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  socket.setNoDelay(true)
  let rest = Buffer.alloc(0)
  let isClosing = false

  socket.on('error', () => socket.destroy())
  socket.on('end', () => socket.end())
  socket.on('data', (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    for (let frame = readFrame(rest); frame !== undefined; frame = readFrame(rest)) {
      rest = rest.subarray(frame.bytes)
      take(frame)
    }
  })

  function take({ opcode, fin, payload }) {
    if (payload === undefined) return socket.destroy()
    if (opcode === PONG) return
    if (opcode === PING) return socket.write(writeFrame(PONG, true, payload))
    if (opcode === CLOSE) return socket.end(isClosing ? undefined : writeFrame(CLOSE, true, payload))
    // What arrives after our own close goes unanswered; the client sends it again elsewhere.
    if (!isClosing) socket.write(writeFrame(opcode, fin, payload))
  }

  function close(code) {
    if (isClosing) return
    isClosing = true
    socket.write(writeFrame(CLOSE, true, Buffer.from([code >> 8, code & 255])))
    setTimeout(() => socket.destroy(), CLOSE_LIMIT_MS).unref()
  }

  return { close }
}

// Undefined while the frame is not whole; without a payload when it is one that we do not take.
function readFrame(bytes) {
  if (bytes.length < 2) return undefined
  const opcode = bytes[0] & 15
  const fin = (bytes[0] & 128) !== 0
  const short = bytes[1] & 127
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0
  const start = 2 + lengthBytes + 4
  if (bytes.length < start) return undefined
  const length =
    lengthBytes === 0 ? short : lengthBytes === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  if (length > MAX_PAYLOAD_BYTES) return { opcode, fin, bytes: bytes.length }
  if (bytes.length < start + length) return undefined
  const mask = bytes.subarray(start - 4, start)
  const payload = Buffer.from(bytes.subarray(start, start + length))
  for (let index = 0; index < length; index += 1) payload[index] ^= mask[index & 3]
  return { opcode, fin, payload, bytes: start + length }
}

function writeFrame(opcode, fin, payload) {
  const first = opcode | (fin ? 128 : 0)
  const head =
    payload.length < 126 ? Buffer.alloc(2) : payload.length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10)
  head[0] = first
  if (head.length === 2) head[1] = payload.length
  if (head.length === 4) head.writeUInt16BE(payload.length, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(payload.length), 2)
  if (head.length > 2) head[1] = head.length === 4 ? 126 : 127
  return Buffer.concat([head, payload])
}
