import { failure } from '../asking/envelope.ts'
import { AskFailure } from '../asking/failure.ts'
import type { Answered, Asked } from '../metrics-side.ts'
import { reasonOf } from './reason.ts'
import type { FarPlace } from './post.ts'

const timeoutMs = 120_000
const largestAnswerBytes = 256 * 2 ** 20

/** Asks a far engine what we are asked, and gives on what it answers. That it does not is an answer as well. */
export async function askFar(place: FarPlace, asked: Asked, left: AbortSignal | null): Promise<Answered> {
  const late = AbortSignal.timeout(timeoutMs)
  const signal = left === null ? late : AbortSignal.any([late, left])
  try {
    const response = await fetch(requestOf(place, asked), { redirect: 'manual', signal })
    const contentType = response.headers.get('content-type') ?? ''
    const fault = faultOf(asked, response.status, contentType)
    if (fault === null) return await answerOf(response, contentType)
    await response.body?.cancel()
    return unanswered(place, fault)
  } catch (thrown) {
    if (left?.aborted === true) return failure(new AskFailure('unavailable', 'nobody waits for the answer'))
    if (thrown instanceof AskFailure) return unanswered(place, thrown.message)
    return unanswered(place, reasonOf(thrown, late.aborted ? timeoutMs : null))
  }
}

async function answerOf(response: Response, contentType: string): Promise<Answered> {
  const isPacked = response.headers.get('content-encoding') === 'snappy'
  const body = await bodyOf(response)
  return {
    status: response.status,
    contentType,
    ...(isPacked && { contentEncoding: 'snappy' as const }),
    body,
  }
}

function requestOf({ url, authorization }: FarPlace, { route, name, params, body }: Asked): Request {
  const headers = {
    'user-agent': 'tandem',
    ...(authorization !== null && { authorization }),
  }
  switch (route) {
    case 'query':
    case 'query_range':
    case 'query_exemplars':
    case 'format_query':
    case 'series':
    case 'labels': {
      const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
      return new Request(`${url}/api/v1/${route}`, { method: 'POST', headers: form, body: params })
    }
    case 'label_values':
      return new Request(`${url}/api/v1/label/${encodeURIComponent(name)}/values?${params}`, { headers })
    case 'metadata':
      return new Request(`${url}/api/v1/metadata?${params}`, { headers })
    case 'federate':
      return new Request(`${url}/federate?${params}`, { headers })
    case 'read': {
      const packed = {
        ...headers,
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-read-version': '0.1.0',
      }
      return new Request(`${url}/api/v1/read`, {
        method: 'POST',
        headers: packed,
        body: new Uint8Array(body ?? []),
      })
    }
  }
}

/** Why what came is no answer: what it says of us is no matter of whoever asks. */
function faultOf({ route }: Asked, status: number, contentType: string): string | null {
  if (status === 401 || status === 403) return `it does not let us in (${status}): see metrics.remote.auth`
  if (status >= 300 && status < 400) return `it sends us elsewhere (${status}): see metrics.remote.read`
  if (route === 'federate' || route === 'read' || /^application\/json\b/i.test(contentType)) return null
  return `it answered ${status} with ${contentType || 'nothing'}: see metrics.remote.read`
}

async function bodyOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > largestAnswerBytes) throw new AskFailure('unavailable', 'its answer is too long')
    chunks.push(chunk)
  }
  const body = new Uint8Array(bytes)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.length
  }
  return body
}

function unanswered({ url }: FarPlace, what: string): Answered {
  return failure(new AskFailure('unavailable', `${url} did not answer: ${what}`))
}
