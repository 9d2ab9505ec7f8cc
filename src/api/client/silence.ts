/** Ends what waits for the other side of a wire when nothing has come from there for too long. */
export type Silence = Readonly<{
  /** Aborts with a `TimeoutError`. */
  signal: AbortSignal
  /** Something came: the time begins anew. */
  heard: () => void
  /** Nothing is waited for any more. */
  end: () => void
}>

export function silenceOver(limitMs: number): Silence {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new DOMException('late', 'TimeoutError')), limitMs)
  return { signal: late.signal, heard: () => void timer.refresh(), end: () => clearTimeout(timer) }
}
