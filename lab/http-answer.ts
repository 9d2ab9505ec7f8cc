import { readChunked } from './chunked-body.ts'

/** Reads one HTTP/1.1 answer from the bytes of a connection. */
export type AnswerReader = Readonly<{
  /** Takes bytes as they come; true once the answer is whole. Throws on what is no HTTP. */
  feed: (bytes: Buffer) => boolean
  /** The status, or 0 before the head is whole. */
  status: () => number
  header: (name: string) => string | undefined
  /** Whether the end of the connection, if it came now, would be the proper end of the answer. */
  mayEndHere: () => boolean
  /** Whether the connection can carry another exchange afterwards. */
  keepsAlive: () => boolean
}>

/** What is left to read of a body; the three ways in which HTTP/1.1 says where it ends. */
type Body = Readonly<{ take: (bytes: Buffer) => boolean; endsWithConnection: boolean }>

const HEAD_END = '\r\n\r\n'
const MAX_HEAD_BYTES = 64 * 1024

export function readAnswer(onBody: (piece: Buffer) => void): AnswerReader {
  let head = ''
  let status = 0
  let body: Body | undefined

  const header = (name: string) => headerOf(head, name)

  const feed = (bytes: Buffer): boolean => {
    if (body) return body.take(bytes)
    head += bytes.toString('latin1')
    const end = head.indexOf(HEAD_END)
    if (end === -1 && head.length > MAX_HEAD_BYTES)
      throw new Error(`no end of headers in ${MAX_HEAD_BYTES} bytes`)
    if (end === -1) return false
    const rest = head.length - end - HEAD_END.length
    head = head.slice(0, end + 2)
    const code = statusOf(head)
    const after = bytes.subarray(bytes.length - rest)
    if (code < 200) {
      head = ''
      return rest > 0 && feed(after)
    }
    status = code
    body = bodyOf(head, status, onBody)
    return body.take(after)
  }

  return {
    feed,
    status: () => status,
    header,
    mayEndHere: () => body?.endsWithConnection ?? false,
    keepsAlive: () => !body?.endsWithConnection && header('connection')?.toLowerCase() !== 'close',
  }
}

function statusOf(head: string): number {
  const found = /^HTTP\/1\.[01] (\d{3})/.exec(head)
  if (!found) throw new Error(`not an HTTP answer: ${JSON.stringify(head.slice(0, 60))}`)
  return Number(found[1])
}

function headerOf(head: string, name: string): string | undefined {
  const start = head.toLowerCase().indexOf(`\r\n${name}:`)
  if (start === -1) return undefined
  const from = start + name.length + 3
  return head.slice(from, head.indexOf('\r\n', from)).trim()
}

function bodyOf(head: string, status: number, onBody: (piece: Buffer) => void): Body {
  if (status === 204 || status === 304) return { take: () => true, endsWithConnection: false }
  if (headerOf(head, 'transfer-encoding')?.toLowerCase() === 'chunked')
    return { take: readChunked(onBody), endsWithConnection: false }
  const length = headerOf(head, 'content-length')
  if (length !== undefined) return { take: readLength(Number(length), onBody), endsWithConnection: false }
  return {
    take: (bytes) => {
      onBody(bytes)
      return false
    },
    endsWithConnection: true,
  }
}

function readLength(length: number, onBody: (piece: Buffer) => void): (bytes: Buffer) => boolean {
  let left = length
  return (bytes) => {
    if (bytes.length > left) throw new Error(`${bytes.length - left} bytes came after the end of the answer`)
    left -= bytes.length
    if (bytes.length > 0) onBody(bytes)
    return left === 0
  }
}
