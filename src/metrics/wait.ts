import { setTimeout as pause } from 'node:timers/promises'

/** Resolves after that long, or when the signal is aborted. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>

export const wait: Wait = async (ms, signal) => {
  await pause(Math.max(0, ms), undefined, { signal }).catch((thrown: unknown) => {
    if (!signal.aborted) throw thrown
  })
}
