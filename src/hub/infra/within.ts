import { TroubleError } from '../../change/trouble.ts'

/** Does something that ends with its signal, and waits for it no longer than this, or until nobody wants it any more. */
export async function within<T>(
  limitMs: number,
  unwanted: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = AbortSignal.timeout(limitMs)
  const signal = AbortSignal.any([unwanted, late])
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const end = (): void => reject(late.aborted ? tookTooLong(limitMs) : passedBy())
  if (signal.aborted) end()
  signal.addEventListener('abort', end, { once: true })
  try {
    return await Promise.race([work(signal), ended])
  } finally {
    signal.removeEventListener('abort', end)
  }
}

const tookTooLong = (ms: number): TroubleError =>
  new TroubleError({
    what: `it was not done within ${ms / 1_000} s and was given up`,
    now: 'look whether a host is slow: `tandem facts`; then ask for it again',
  })

const passedBy = (): TroubleError =>
  new TroubleError({ what: 'nobody wants it any more', now: 'see what came after it' })
