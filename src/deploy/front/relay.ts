import { type IncomingMessage, request as ask, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { dial } from './dial.ts'
import { endToEnd, hasBody, requestFields } from './end-to-end.ts'
import { type Exchange, type Front, startExchange } from './exchange.ts'

type Relayed = Readonly<{
  front: Front
  request: IncomingMessage
  response: ServerResponse
  exchange: Exchange
}>

/** Gives one request to a slot and its answer back, both as they come. Always answers or, once begun, cuts. */
export async function relay(front: Front, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const exchange = startExchange(front)
  const relayed = { front, request, response, exchange }
  response.sendDate = false
  response.once('close', () => exchange.end(!response.writableFinished))
  const socket = await dial(front, exchange, () => !response.closed)
  if (response.closed) socket?.destroy()
  else if (socket === null) answerHere(relayed, 503, 'has no process that answers right now')
  else pass(relayed, socket)
}

function pass(relayed: Relayed, socket: Socket): void {
  const { request, response, exchange } = relayed
  const onward = ask({
    createConnection: () => socket,
    method: request.method,
    path: request.url,
    headers: requestFields(request),
  })
  let isAnswered = false
  onward.on('response', (answer) => {
    isAnswered = true
    exchange.answered(answer.statusCode ?? 0)
    giveBack(relayed, answer)
  })
  onward.on('error', () => {
    if (isAnswered || response.closed) return
    isAnswered = true
    exchange.lost()
    answerHere(relayed, 502, 'broke the connection before it answered')
  })
  response.once('close', () => {
    onward.destroy()
    // The rest of an upload that was answered early is read and dropped; closing on it would be a reset.
    request.unpipe(onward)
    request.resume()
  })
  if (hasBody(request)) request.pipe(onward)
  else onward.end()
}

function giveBack({ front, response, exchange }: Relayed, answer: IncomingMessage): void {
  const fields = endToEnd(answer)
  if (front.isStopping()) fields.push('Connection', 'close')
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, fields)
  let hasBegun = false
  answer.once('data', () => (hasBegun = true))
  // An event stream may say nothing for long after its head; one that goes on at once needs only one packet.
  setImmediate(() => {
    if (!hasBegun && !response.writableEnded) response.flushHeaders()
  })
  answer.on('error', () => response.destroy())
  answer.once('close', () => {
    if (answer.complete || response.closed) return
    exchange.lost()
    exchange.cut()
    response.destroy()
  })
  answer.pipe(response)
}

function answerHere({ front, request, response, exchange }: Relayed, status: 502 | 503, why: string): void {
  exchange.answeredHere(status)
  const text = `${status}: ${front.settings.name} ${why}; try again in a moment\n`
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'retry-after': '1',
  })
  response.end(text)
  request.unpipe()
  request.resume()
}
