import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { TroubleError } from '../../change/trouble.ts'
import { admit, type Door, refuse, safeHeaders } from './admit.ts'
import { allowPages, programBody } from './program-body.ts'

const limitBytes = 2 * 1024 * 1024

const name = z.string().min(1).max(200)
const count = z.int().min(1).max(1e12)
const moment = z.int().min(0).max(1e15)

const line = z.strictObject({
  flag: name,
  variant: name.exactOptional(),
  rule: name.exactOptional(),
  reason: name,
  errorCode: name.exactOptional(),
  count,
})

const batch = z.object({
  client: z.string().min(1).max(100),
  batch: count,
  fromMs: moment,
  toMs: moment,
  counts: z.array(line).max(5_000),
})

/** Takes how often a program or page got what: docs/formats/flag-stream.md. Answers when it is written down. */
export async function takeCounts(
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (allowPages(request, response)) return
  if (request.method !== 'POST')
    return refuse(response, {
      status: 405,
      trouble: { what: `${request.method} is nothing here`, now: 'send counts with POST' },
    })
  const admitted = await admit(door, request)
  if ('status' in admitted) return refuse(response, admitted)
  const text = await programBody(request, limitBytes)
  if (text === null) {
    response.setHeader('connection', 'close')
    return refuse(response, {
      status: 413,
      trouble: {
        what: `the counts are over ${limitBytes} bytes, or did not arrive`,
        now: 'send fewer at once',
      },
    })
  }
  const found = batch.safeParse(parsed(text))
  if (!found.success)
    return refuse(response, {
      status: 400,
      trouble: {
        what: `these are no counts: ${found.error.issues[0]?.path.join('.')}: ${found.error.issues[0]?.message}`,
        now: 'send what docs/formats/flag-stream.md says',
      },
    })
  try {
    await door.side.flagUse.take(admitted.key.environment, found.data)
  } catch (thrown) {
    // A disk that is full: they come again.
    if (!(thrown instanceof TroubleError)) throw thrown
    return refuse(response, { status: 503, trouble: thrown.trouble, retrySeconds: 30 })
  }
  response.writeHead(204, safeHeaders).end()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
