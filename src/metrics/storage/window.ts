/** What one block spans. */
export const windowMs = 2 * 3_600_000

/** From one time to another, both included. */
export type Span = Readonly<{ fromMs: number; toMs: number }>

/** The window that a time lies in: no block reaches over its edges. */
export function windowOf(ms: number): Span {
  const fromMs = Math.floor(ms / windowMs) * windowMs
  return { fromMs, toMs: fromMs + windowMs - 1 }
}
