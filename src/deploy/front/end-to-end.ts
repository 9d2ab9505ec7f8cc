import type { IncomingMessage } from 'node:http'

const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Name, value, name, value …: the fields that are for the other end and not for us (RFC 9110, 7.6.1). */
export function endToEnd({ rawHeaders, headers }: IncomingMessage): string[] {
  const named = headers.connection?.toLowerCase().split(/\s*,\s*/) ?? []
  const kept: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    const lower = name.toLowerCase()
    if (hopByHop.has(lower) || named.includes(lower)) continue
    kept.push(name, rawHeaders[index + 1] ?? '')
  }
  return kept
}

/** What a request becomes on its way to the app: who asked is added, the body is framed as it came. */
export function requestFields(request: IncomingMessage): string[] {
  const fields = endToEnd(request)
  const expect = fields.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'expect')
  // We have said `100 Continue` already.
  if (expect >= 0) fields.splice(expect, 2)
  fields.push('X-Forwarded-For', clientOf(request))
  if (request.headers['transfer-encoding'] !== undefined) fields.push('Transfer-Encoding', 'chunked')
  return fields
}

export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

const clientOf = ({ socket }: IncomingMessage): string =>
  (socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '')
