import { createHash } from 'node:crypto'
import type { Fetcher } from './fetch.ts'
import type { Scraped, TargetPlan } from './plan.ts'

export type LoopWorld = Readonly<{
  fetcher: Fetcher
  version: string
  now: () => number
  /** Takes in what came of it; what it throws is the disk's, and the next time tells. */
  record: (scraped: Scraped) => void
  broke: (thrown: unknown) => void
}>

/** Asks targets by HTTP, each at its own moment of the interval. */
export type ScrapeLoop = Readonly<{ set: (plans: readonly TargetPlan[]) => void; close: () => void }>

/** A timer that is late by less is not told from one in time: times that are evenly apart take less room. */
export const toleranceMs = 20

export function openScrapeLoop(world: LoopWorld): ScrapeLoop {
  const running = new Map<string, Readonly<{ key: string; stop: AbortController }>>()
  return {
    set: (plans) => {
      const wanted = new Map(
        plans.flatMap((plan) => (plan.ask.kind === 'http' ? [[plan.id, plan] as const] : [])),
      )
      for (const [id, { key, stop }] of running) {
        const plan = wanted.get(id)
        if (plan !== undefined && JSON.stringify(plan) === key) continue
        stop.abort()
        running.delete(id)
      }
      for (const [id, plan] of wanted) {
        if (running.has(id)) continue
        const stop = new AbortController()
        running.set(id, { key: JSON.stringify(plan), stop })
        begin(plan, world, stop.signal)
      }
    },
    close: () => {
      for (const { stop } of running.values()) stop.abort()
      running.clear()
      world.fetcher.close()
    },
  }
}

/** Targets are asked one after the other and not all at once: which moment is whose comes of their names. */
export function offsetOf(id: string, intervalMs: number): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0) % intervalMs
}

/** The next moment of a target that is not over yet. */
export function nextAt(id: string, intervalMs: number, nowMs: number): number {
  const offset = offsetOf(id, intervalMs)
  return Math.floor((nowMs - offset) / intervalMs) * intervalMs + intervalMs + offset
}

function begin(plan: TargetPlan, world: LoopWorld, signal: AbortSignal): void {
  const { id, intervalMs } = plan
  let dueMs = nextAt(id, intervalMs, world.now())
  let timer: NodeJS.Timeout | undefined
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  const wait = (): void => {
    timer = setTimeout(() => void turn().catch(world.broke), Math.max(0, dueMs - world.now())).unref()
  }
  const turn = async (): Promise<void> => {
    const startMs = world.now()
    const atMs = Math.abs(startMs - dueMs) <= toleranceMs ? dueMs : startMs
    await askOnce(plan, world, { atMs, signal })
    if (signal.aborted) return
    const nowMs = world.now()
    // A timer may be early by a moment, and a clock may have been set back since.
    dueMs = nextAt(id, intervalMs, Math.abs(nowMs - dueMs) <= toleranceMs ? Math.max(nowMs, dueMs) : nowMs)
    wait()
  }
  wait()
}

async function askOnce(
  { id, url, ask, timeoutMs, limits }: TargetPlan,
  { fetcher, version, record, broke }: LoopWorld,
  { atMs, signal }: Readonly<{ atMs: number; signal: AbortSignal }>,
): Promise<void> {
  const headers = ask.kind === 'http' ? ask.headers : {}
  const startedAt = performance.now()
  const outcome = await fetcher.ask({ url, headers, timeoutMs, limitBytes: limits.bytes, version })
  if (signal.aborted) return
  try {
    record({ id, labels: {}, atMs, tookMs: performance.now() - startedAt, outcome })
  } catch (thrown) {
    broke(thrown)
  }
}
