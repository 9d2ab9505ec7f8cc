import type { Link, LinkEnd } from './link.ts'

/** A session in which looks follow each other, and the word that its shell knows us by. */
export type Standing = Readonly<{
  nonce: string
  /** The session for whoever is next in it. What waits for its end is forgotten with them, or it would pile up. */
  turn: () => Link
  isGone: () => boolean
}>

/** Sessions that stay open when a look in them has ended: the next needs no client here, no login and no shell there. */
export type StandingSessions = Readonly<{
  take: (key: string) => Standing | null
  keep: (key: string, standing: Standing) => void
  close: () => void
}>

/** Less than a connection counts as warm without sessions: nobody shall wait for one that only stands. */
const STAND_MS = 45_000

/** One for each key; the second is ended. */
export function openStandingSessions(standMs = STAND_MS): StandingSessions {
  const kept = new Map<string, Readonly<{ standing: Standing; timer: NodeJS.Timeout }>>()

  function take(key: string): Standing | null {
    const found = kept.get(key)
    if (found === undefined) return null
    clearTimeout(found.timer)
    kept.delete(key)
    return found.standing.isGone() ? null : found.standing
  }

  function end(key: string): void {
    take(key)?.turn().stdin.end()
  }

  return {
    take,
    keep: (key, standing) => {
      if (kept.has(key)) standing.turn().stdin.end()
      else kept.set(key, { standing, timer: setTimeout(() => end(key), standMs).unref() })
    },
    close: () => [...kept.keys()].forEach(end),
  }
}

export function standingOf(nonce: string, link: Link): Standing {
  let ended: LinkEnd | null = null
  let tell: (end: LinkEnd) => void = () => {}
  void link.gone.then((end) => {
    ended = end
    tell(end)
  })
  return {
    nonce,
    turn: () => ({
      ...link,
      gone: ended === null ? new Promise((resolve) => (tell = resolve)) : Promise.resolve(ended),
    }),
    isGone: () => ended !== null,
  }
}
