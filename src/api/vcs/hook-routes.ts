import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from 'hono'
import { Hono } from 'hono'
import { addressOf } from '../person/address.ts'
import type { World } from '../person/auth.ts'
import type { ForgeSide, Webhook } from '../hub-side.ts'
import { makeLoginLimit } from '../person/login-limit.ts'

export type HookLimits = Readonly<{
  /** The largest webhook that is read. What is larger is made up for by looking at the refs. */
  bodyBytes: number
  /** How long somebody may take to send it. */
  bodyMs: number
  /** How many are read at a time. */
  atOnce: number
  /** Refusals of one address in a minute, until it has to wait. */
  refusals: number
}>

export const hookLimits: HookLimits = {
  bodyBytes: 5 * 1024 * 1024,
  bodyMs: 10_000,
  atOnce: 16,
  refusals: 60,
}

/** Where forges tell of pushes. No token opens it: each webhook has to be signed. */
export function hookRoutes(forges: ForgeSide, world: World, limits: HookLimits = hookLimits): Hono {
  const limit = makeLoginLimit({ failures: limits.refusals, perMs: 60_000, addresses: 5_000 })
  let reading = 0
  const routes = new Hono()
  routes.post('/:repo', async (c) => {
    const address = addressOf(c)
    const waitMs = limit.waitMs(address, world.now())
    if (waitMs > 0)
      return later(c, 429, { seconds: Math.ceil(waitMs / 1_000), says: 'too many were refused' })
    if (reading >= limits.atOnce) return later(c, 503, { seconds: 5, says: 'too many at once' })
    reading += 1
    const body = await bodyWithin(c, limits).finally(() => {
      reading -= 1
    })
    if (body === 'large') return c.json({ says: `it is over ${limits.bodyBytes} bytes` }, 413)
    if (body === 'slow') return closed(c).json({ says: 'it took too long to arrive' }, 408)
    const webhook: Webhook = { header: (name) => c.req.header(name) ?? null, body }
    const { status, says } = await forges.take(c.req.param('repo'), webhook)
    if (status === 401 || status === 404) limit.failed(address, world.now())
    return c.json({ says }, status)
  })
  return routes
}

type Later = Readonly<{ seconds: number; says: string }>

function later(c: Context, status: 429 | 503, { seconds, says }: Later) {
  closed(c).header('retry-after', String(seconds))
  return c.json({ says: `${says}: try again in ${seconds} s` }, status)
}

/** What is still on its way of this request is not waited for. */
function closed(c: Context): Context {
  c.header('connection', 'close')
  return c
}

/** The bytes as they came: they are what is signed. */
async function bodyWithin(
  c: Context,
  { bodyBytes, bodyMs }: HookLimits,
): Promise<Uint8Array | 'large' | 'slow'> {
  if (Number(c.req.header('content-length') ?? 0) > bodyBytes) return 'large'
  const { body } = c.req.raw
  if (body === null) return new Uint8Array()
  const reader = body.getReader()
  const over = new AbortController()
  const isSlow = pause(bodyMs, 'slow' as const, { signal: over.signal, ref: false })
  isSlow.catch(() => undefined)
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), isSlow])
      if (next === 'slow') return next
      if (next.done) return Buffer.concat(chunks)
      bytes += next.value.byteLength
      if (bytes > bodyBytes) return 'large'
      chunks.push(next.value)
    }
  } finally {
    over.abort()
    void reader.cancel().catch(() => undefined)
  }
}
