import { createHash, randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { HttpConnection } from './http-connection.ts'
import type { Front } from './http-connection.ts'
import type { Sort, Tally } from './hammer-tally.ts'

/** One sort of traffic while it runs. */
export type Stream = Readonly<{
  /** Sends one more; false when all connections are busy. */
  issue: () => boolean
  /** How many are under way. */
  pending: () => number
  close: () => void
}>

export type ExchangeSort = Readonly<{
  sort: Sort
  fronts: readonly Front[]
  connections: number
  silenceLimitMs: number
  request: (front: Front) => Request
}>

/** What is sent, again and again, and the complaint, if any, about a 200 answer's body. */
export type Request = Readonly<{
  send: (socket: Socket) => void
  complain: (body: string) => string | undefined
}>

const MAX_BODY_BYTES = 1024 * 1024
const UPLOAD_PIECES = 8

/** Requests on keep-alive connections, each connection staying with one of the fronts. */
export function exchanges(spec: ExchangeSort, tally: Tally): Stream {
  const places = Array.from({ length: spec.connections }, (_, index) => {
    const front = spec.fronts[index % spec.fronts.length]
    if (!front) throw new Error('a hammer needs at least one front URL')
    return {
      connection: new HttpConnection(front, spec.silenceLimitMs),
      request: spec.request(front),
      front: front.authority,
    }
  })
  const idle = [...places]

  const issue = (): boolean => {
    const place = idle.shift()
    if (!place) return false
    const started = performance.now()
    let body = ''
    place.connection.start({
      send: place.request.send,
      onBody: (piece) => {
        if (body.length < MAX_BODY_BYTES) body += piece.toString('latin1')
      },
      done: (end) => {
        idle.push(place)
        if (end.type === 'failure') return tally.failed(spec.sort, end.cause, undefined)
        const answerer = { front: place.front, release: end.release }
        const complaint = end.status === 200 ? place.request.complain(body) : `status ${end.status}`
        if (complaint === undefined) tally.succeeded(spec.sort, performance.now() - started, answerer)
        else tally.failed(spec.sort, complaint, answerer)
      },
    })
    return true
  }

  return {
    issue,
    pending: () => places.length - idle.length,
    close: () => {
      for (const { connection } of places) connection.close()
    },
  }
}

/** A GET whose answer must only be a 200. */
export function getRequest(front: Front, path: string): Request {
  const bytes = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: ${front.authority}\r\n\r\n`)
  return { send: (socket) => void socket.write(bytes), complain: () => undefined }
}

/** A POST whose body comes in pieces, with time between them; the answer must be the body's SHA-256. */
export function uploadRequest(front: Front, path: string, bytes: number, pieceGapMs: number): Request {
  const body = randomBytes(bytes)
  const sha256 = createHash('sha256').update(body).digest('hex')
  const head = `POST ${path} HTTP/1.1\r\nhost: ${front.authority}\r\ncontent-length: ${bytes}\r\n\r\n`
  const pieceBytes = Math.ceil(bytes / UPLOAD_PIECES)
  const sendFrom = (socket: Socket, offset: number): void => {
    if (socket.destroyed) return
    socket.write(body.subarray(offset, offset + pieceBytes))
    if (offset + pieceBytes < bytes) setTimeout(sendFrom, pieceGapMs, socket, offset + pieceBytes)
  }
  return {
    send: (socket) => {
      socket.write(head)
      sendFrom(socket, 0)
    },
    complain: (answer) =>
      answer.trim() === sha256
        ? undefined
        : `sha256 of the upload is ${sha256}, the answer says ${answer.slice(0, 80)}`,
  }
}
