import type { Outbox } from '../lines/outbox.ts'
import type { Held } from './held.ts'

/**
 * Puts a metric into the outbox. What is counted from now on was nothing at the flush before: said so, the first count
 * is a rise, which it is not for who sees only where a counter begins.
 */
export function sendHeld(
  held: Held,
  outbox: Outbox,
  { ms, beforeMs }: Readonly<{ ms: number; beforeMs: number }>,
): void {
  // A gauge that came with its own times only.
  if (held.kind === 'gauge' && Number.isNaN(held.cells[0])) return
  if (held.sent.length === 0) {
    held.sent = held.series.map((labels) => outbox.numberOf(labels))
    const isCounted = held.kind === 'counter' || held.kind === 'histogram'
    if (isCounted && beforeMs < ms) for (const number of held.sent) outbox.add(number, beforeMs, 0)
  }
  switch (held.kind) {
    case 'counter':
    case 'gauge':
      outbox.add(held.sent[0] ?? 0, ms, held.cells[0] ?? NaN)
      return
    case 'set':
      outbox.add(held.sent[0] ?? 0, ms, held.members.size)
      held.members.clear()
      return
    case 'histogram':
      sendHistogram(held, outbox, ms)
  }
}

/** Buckets as Prometheus counts them: each holds what is in those below it. */
function sendHistogram({ bounds, cells, sent }: Held, outbox: Outbox, ms: number): void {
  const buckets = bounds.length + 1
  let count = 0
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    count += cells[bucket] ?? 0
    outbox.add(sent[bucket] ?? 0, ms, count)
  }
  outbox.add(sent[buckets] ?? 0, ms, cells[buckets] ?? 0)
  outbox.add(sent[buckets + 1] ?? 0, ms, count)
}
