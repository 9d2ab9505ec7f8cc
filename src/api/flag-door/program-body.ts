import type { IncomingMessage, ServerResponse } from 'node:http'

const longestMs = 10_000

/**
 * The body of a request; null for one that is over the limit, too slow or cut. What is left of it is not read: the
 * connection ends with the answer.
 */
export function programBody(request: IncomingMessage, limitBytes: number): Promise<string | null> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let bytes = 0
    const end = (text: string | null): void => {
      clearTimeout(timer)
      if (text === null) request.pause().removeAllListeners('data')
      resolve(text)
    }
    const timer = setTimeout(() => end(null), longestMs)
    request.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes > limitBytes) end(null)
      else pieces.push(piece)
    })
    request.on('end', () => end(Buffer.concat(pieces).toString('utf8')))
    request.on('error', () => end(null))
    request.on('close', () => end(null))
  })
}

/**
 * Lets pages of any origin ask: a key is shown in a header, which no browser adds by itself. True for the question that
 * browsers ask before, which is then answered.
 */
export function allowPages(request: IncomingMessage, response: ServerResponse): boolean {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-expose-headers', 'etag, retry-after')
  if (request.method !== 'OPTIONS') return false
  response.setHeader('access-control-allow-methods', 'GET, POST')
  response.setHeader('access-control-allow-headers', 'authorization, content-type, if-none-match, x-api-key')
  response.setHeader('access-control-max-age', '86400')
  response.writeHead(204).end()
  return true
}
