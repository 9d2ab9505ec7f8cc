import { type Agent, type IncomingMessage, request as ask, type RequestOptions } from 'node:http'
import { connect } from 'node:net'

const silenceLimitMs = 15_000

export type Answer = Readonly<{ status: number; slot: string; text: string; message: IncomingMessage }>

/** One request to the front, whole. Rejects when the connection breaks. */
export async function get(port: number, path: string, options: RequestOptions = {}): Promise<Answer> {
  return whole(await open(port, path, options))
}

export function post(port: number, path: string, body: Buffer, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = ask(
      { port, path, method: 'POST', ...(agent === undefined ? {} : { agent }) },
      (message) => {
        whole(message).then(resolve, reject)
      },
    )
    asked.on('error', reject)
    for (let at = 0; at < body.length; at += 65_536) asked.write(body.subarray(at, at + 65_536))
    asked.end()
  })
}

/** A request whose answer has begun. */
export function open(port: number, path: string, options: RequestOptions = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = ask({ port, path, timeout: silenceLimitMs, ...options }, resolve)
    asked.on('error', reject).on('timeout', () => asked.destroy(new Error(`${path}: no answer in time`)))
    asked.end()
  })
}

async function whole(message: IncomingMessage): Promise<Answer> {
  const pieces: Buffer[] = []
  for await (const piece of message) pieces.push(piece as Buffer)
  return {
    status: message.statusCode ?? 0,
    slot: String(message.headers['x-slot'] ?? 'none'),
    text: Buffer.concat(pieces).toString(),
    message,
  }
}

/** Says one line on a runtime socket and gives all that is answered. */
export function order(socketPath: string, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath)
    let heard = ''
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text))
    socket.on('end', () => resolve(heard)).on('error', reject)
    socket.write(`${line}\n`)
  })
}

/** The cells of one row of `show stat`, by the names in its first line. */
export function statRow(table: string, name: string): Readonly<Record<string, string>> {
  const [head = [], ...rows] = table.split('\n').map((line) => line.split(','))
  const row = rows.find((cells) => cells[1] === name) ?? []
  return Object.fromEntries(head.map((column, index) => [column.replace('# ', ''), row[index] ?? '']))
}
