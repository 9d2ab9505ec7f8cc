import { setTimeout as pause } from 'node:timers/promises'

/** Does `work` again and again with a pause between, until it is aborted. */
export async function every(
  ms: number,
  work: () => Promise<unknown>,
  signal: AbortSignal,
  broke: (thrown: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    await pause(ms, undefined, { signal, ref: false }).catch(() => undefined)
    if (!signal.aborted) await work().catch(broke)
  }
}
