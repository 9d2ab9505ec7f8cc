import { reasonOf } from './reason.ts'

/** Where samples go, and how we are let in. */
export type FarPlace = Readonly<{ url: string; authorization: string | null }>

/** What became of a request. `later` is for what says nothing of the samples: they are sent again. */
export type Posted =
  | Readonly<{ type: 'sent' }>
  | Readonly<{ type: 'refused'; status: number; what: string }>
  | Readonly<{ type: 'later'; what: string; waitMs: number | null }>

const timeoutMs = 30_000
/** Nobody has us wait longer, whatever they say. */
const longestWaitMs = 10 * 60_000
const mostSaidBytes = 4096

/** These say something of the address or of who asks, and nothing of the samples: people mend it. */
const notOfSamples: ReadonlySet<number> = new Set([401, 403, 404, 405, 407, 408, 421, 425, 429])

/** Sends a request of remote write, unless the signal is aborted before it is answered. Never throws. */
export async function post(
  place: FarPlace,
  body: Uint8Array<ArrayBuffer>,
  { now, signal: left }: Readonly<{ now: () => number; signal: AbortSignal }>,
): Promise<Posted> {
  const late = AbortSignal.timeout(timeoutMs)
  const signal = AbortSignal.any([late, left])
  try {
    const response = await fetch(place.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'user-agent': 'tandem',
        'x-prometheus-remote-write-version': '0.1.0',
        ...(place.authorization !== null && { authorization: place.authorization }),
      },
      body,
      redirect: 'manual',
      signal,
    })
    return judged(response.status, {
      said: await beginningOf(response),
      waitMs: waitSaid(response.headers.get('retry-after'), now()),
    })
  } catch (thrown) {
    return { type: 'later', what: reasonOf(thrown, late.aborted ? timeoutMs : null), waitMs: null }
  }
}

function judged(status: number, { said, waitMs }: Readonly<{ said: string; waitMs: number | null }>): Posted {
  if (status >= 200 && status < 300) return { type: 'sent' }
  const what = said === '' ? `it answered ${status}` : `it answered ${status}: ${said}`
  if (status >= 400 && status < 500 && !notOfSamples.has(status)) return { type: 'refused', status, what }
  return { type: 'later', what, waitMs }
}

/** The first line, of which not more is read than anybody needs. */
async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (reader === undefined) return ''
  let [text, read] = ['', 0]
  const decoder = new TextDecoder()
  while (read < mostSaidBytes) {
    const { done, value } = await reader.read()
    if (done) break
    read += value.length
    text += decoder.decode(value, { stream: true })
  }
  void reader.cancel().catch(() => undefined)
  const [line = ''] = text.trim().split('\n')
  // oxlint-disable-next-line no-control-regex -- what comes from afar may hold anything
  return line.replace(/[\u0000-\u001f\u007f]/g, ' ').slice(0, 200)
}

/** `Retry-After`, in seconds or as a date. */
function waitSaid(header: string | null, nowMs: number): number | null {
  if (header === null) return null
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, ms), longestWaitMs)
}
