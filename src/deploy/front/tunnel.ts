import { type IncomingMessage, request as ask } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import { dial } from './dial.ts'
import { endToEnd, requestFields } from './end-to-end.ts'
import { type Exchange, type Front, startExchange } from './exchange.ts'

const silenceLimitMs = 86_400_000

/** A connection that becomes something else than HTTP (a WebSocket), passed on byte for byte until an end closes it. */
export async function tunnel(
  front: Front,
  request: IncomingMessage,
  near: Duplex,
  head: Buffer,
): Promise<void> {
  const exchange = startExchange(front)
  near.on('error', () => near.destroy())
  near.once('close', () => exchange.end(false))
  const far = await dial(front, exchange, () => !near.closed)
  if (near.closed) far?.destroy()
  else if (far === null) refuse(near, exchange, 503)
  else shakeHands({ request, exchange, near, far, head })
}

type Ends = Readonly<{
  request: IncomingMessage
  exchange: Exchange
  near: Duplex
  far: Socket
  head: Buffer
}>

function shakeHands({ request, exchange, near, far, head }: Ends): void {
  const fields = [
    ...requestFields(request),
    'Connection',
    'Upgrade',
    'Upgrade',
    request.headers.upgrade ?? '',
  ]
  const onward = ask({
    createConnection: () => far,
    method: request.method,
    path: request.url,
    headers: fields,
  })
  let isAnswered = false
  near.once('close', () => far.destroy())
  onward.on('upgrade', (answer, _, first) => {
    isAnswered = true
    exchange.answered(101)
    near.write(headOf(answer, answer.rawHeaders))
    join({ near, far, toNear: first, toFar: head })
  })
  onward.on('response', (answer) => {
    isAnswered = true
    exchange.answered(answer.statusCode ?? 0)
    near.write(headOf(answer, [...endToEnd(answer), 'Connection', 'close']))
    answer.on('error', () => near.destroy())
    answer.pipe(near)
    near.resume()
  })
  onward.on('error', () => {
    if (isAnswered) return
    exchange.lost()
    refuse(near, exchange, 502)
  })
  onward.end()
}

type Joined = Readonly<{ near: Duplex; far: Socket; toNear: Buffer; toFar: Buffer }>

function join({ near, far, toNear, toFar }: Joined): void {
  far.setTimeout(silenceLimitMs)
  if (toNear.length > 0) near.write(toNear)
  if (toFar.length > 0) far.write(toFar)
  far.on('error', () => near.destroy())
  near.pipe(far).pipe(near)
}

function headOf(answer: IncomingMessage, fields: readonly string[]): string {
  const lines = [`HTTP/1.1 ${answer.statusCode ?? 502} ${answer.statusMessage ?? ''}`]
  for (let index = 0; index + 1 < fields.length; index += 2)
    lines.push(`${fields[index]}: ${fields[index + 1]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

function refuse(near: Duplex, exchange: Exchange, status: 502 | 503): void {
  exchange.answeredHere(status)
  const why = status === 503 ? 'Service Unavailable' : 'Bad Gateway'
  near.end(`HTTP/1.1 ${status} ${why}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  near.resume()
}
