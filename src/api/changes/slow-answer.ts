import type { Context } from 'hono'
import { TroubleError, troubleOf } from '../../change/trouble.ts'
import type { World } from '../person/auth.ts'
import { placeOf } from '../body.ts'
import { RefusedError } from '../refused.ts'
import type { Refusal } from '../wire/wire.ts'

const usualPulseMs = 10_000

/**
 * Answers with what may take long to make. When it is not there after 10 s the answer begins with a space, and goes on
 * with one every 10 s: JSON may have them, and nobody on the way takes the connection for dead. The status is 200 by
 * then, so what is refused later says its status in the body.
 */
export async function slowJson<T>(c: Context, world: World, make: () => Promise<T>): Promise<Response> {
  const pulseMs = world.pulseMs ?? usualPulseMs
  const making = make()
  if (await isSettledWithin(making, pulseMs)) return c.json(await making)
  c.header('content-type', 'application/json')
  c.header('x-accel-buffering', 'no')
  const answer = making.then(
    (made) => JSON.stringify(made),
    (thrown: unknown) => JSON.stringify(lateRefusal(c, world, thrown)),
  )
  return c.body(pulsing(answer, pulseMs))
}

async function isSettledWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => late.resolve(false), ms)
  const settled = work.then(
    () => true,
    () => true,
  )
  try {
    return await Promise.race([settled, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

function lateRefusal(c: Context, world: World, thrown: unknown): Refusal {
  if (!(thrown instanceof TroubleError)) world.broke(placeOf(c), thrown)
  return { trouble: troubleOf(thrown), status: thrown instanceof RefusedError ? thrown.status : 500 }
}

/** A space now and with every pulse, until the answer is there or nobody reads it any more. */
function pulsing(answer: Promise<string>, pulseMs: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder()
  let pulse: NodeJS.Timeout | undefined
  let isRead = true
  return new ReadableStream({
    start: (controller) => {
      const send = (text: string): void => {
        if (isRead) controller.enqueue(bytes.encode(text))
      }
      send(' ')
      pulse = setInterval(() => send(' '), pulseMs)
      void answer.then((text) => {
        clearInterval(pulse)
        send(text)
        if (isRead) controller.close()
      })
    },
    cancel: () => {
      isRead = false
      clearInterval(pulse)
    },
  })
}
