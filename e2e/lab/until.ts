import { setTimeout as pause } from 'node:timers/promises'

const lookMs = 50
const usualLimitMs = 60_000

/** Resolves as soon as the claim is true; rejects with its words when it is not within the limit. */
export async function until(
  what: string,
  claim: () => boolean | Promise<boolean>,
  limitMs: number = usualLimitMs,
): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await claim())) {
    if (performance.now() > deadline) throw new Error(`not so within ${limitMs / 1000} s: ${what}`)
    await pause(lookMs)
  }
}
