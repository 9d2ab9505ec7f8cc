import type { Json } from '../flag/flag.ts'

/** Answers of a hub for one person, as the OpenFeature Remote Evaluation Protocol has them. */
export type Answer = Readonly<{
  key: string
  value?: Json
  variant?: string
  reason?: string
  errorCode?: string
  errorDetails?: string
}>

/** All answers, and where to hear that they changed. */
export type Answers = Readonly<{ flags: readonly Answer[]; etag: string | null; events: string | null }>

export const bulkPath = '/ofrep/v1/evaluate/flags'

/** Reads the body of a bulk answer; what is no answer in it is passed over. Throws when it is none at all. */
export function readAnswers(body: unknown, etag: string | null, hub: string): Answers {
  const { flags, eventStreams } = members(body)
  if (!Array.isArray(flags)) throw new Error('the hub sent no flags')
  const known = flags.filter((flag): flag is Answer => typeof members(flag)['key'] === 'string')
  return { flags: known, etag, events: eventsUrl(eventStreams, hub) }
}

/** Whether an event says that answers changed; pings and what is not known yet do not. */
export function isChange(data: unknown): boolean {
  try {
    return typeof data === 'string' && members(JSON.parse(data))['type'] === 'refetchEvaluation'
  } catch {
    return false
  }
}

function eventsUrl(streams: unknown, hub: string): string | null {
  const found = Array.isArray(streams) ? streams.map(members).find(({ type }) => type === 'sse') : undefined
  if (found === undefined) return null
  const { url, endpoint } = found
  if (typeof url === 'string') return new URL(url, hub).href
  const { requestUri, origin } = members(endpoint)
  return typeof requestUri === 'string'
    ? new URL(requestUri, typeof origin === 'string' ? origin : hub).href
    : null
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}
