import { TroubleError } from '../change/trouble.ts'

/** The right to open one session to a host. */
export type Pass = Readonly<{
  /** The host let this session in: the shared connection stands. */
  opened: () => void
  /** The session is over. Safe to call twice. */
  leave: () => void
}>

export type Turnstile = Readonly<{
  /** Resolves when it is our turn; rejects with a TroubleError when too many wait already. */
  enter: () => Promise<Pass>
}>

/** sshd allows ten sessions on one connection; two are left to others who use it. */
const MOST_SESSIONS = 8
const MOST_WAITING = 500
/** A little less than the master of the connection stays without sessions. */
const WARM_MS = 55_000

/**
 * First come, first served. The first session to a host goes alone, because it opens the connection that the others
 * share: ten at once would open ten, which is what rate limits and MaxStartups are there to stop.
 */
export function openTurnstile(host: string, now: () => number = Date.now): Turnstile {
  const waiting: (() => void)[] = []
  let inside = 0
  let standing = 0
  let warmUntil = 0

  /** Sessions that stand hold the connection open, however long they take. */
  const isWarm = (): boolean => standing > 0 || warmUntil > now()

  function letIn(): void {
    const most = isWarm() ? MOST_SESSIONS : 1
    while (inside < most && waiting.length > 0) {
      inside += 1
      waiting.shift()?.()
    }
  }

  function pass(): Pass {
    let gone = false
    let isOpen = false
    return {
      opened: () => {
        if (!gone && !isOpen) standing += 1
        isOpen = true
        warmUntil = now() + WARM_MS
        letIn()
      },
      leave: () => {
        if (gone) return
        gone = true
        const wasWarm = isWarm()
        inside -= 1
        if (isOpen) standing -= 1
        if (wasWarm) warmUntil = now() + WARM_MS
        letIn()
      },
    }
  }

  return {
    enter: () => {
      if (waiting.length >= MOST_WAITING) return Promise.reject(new TroubleError(crowded(host)))
      const { promise, resolve } = Promise.withResolvers<Pass>()
      waiting.push(() => resolve(pass()))
      letIn()
      return promise
    },
  }
}

function crowded(host: string) {
  return {
    what: `${MOST_WAITING} programs wait for a session to ${host}`,
    host,
    now: 'wait until some have ended, or look at why they hang',
  }
}
