import type { Entry } from '../change/entry.ts'
import { type Aside, isAside } from '../change/occurrence.ts'
import type { LogLine, Store } from '../store/store.ts'

export type Listener = Readonly<{
  entry: (entry: Entry) => void
  aside: (aside: Aside) => void
  log: (line: LogLine) => void
}>

/** Calls back for every entry, aside and log line written from now on, by this process or another one. */
export type Tail = Readonly<{ subscribe: (listener: Listener) => () => void; close: () => void }>

const lookMs = 20
/** Once nobody has written for a while it looks less often: an idle hub shall cost nothing. */
const idleLookMs = 150
const idleAfterMs = 5_000
const atOnce = 500

/** Looks at the store's pulse, which is cheap, and reads only when somebody wrote. */
export async function openTail(store: Store, broke: (thrown: unknown) => void): Promise<Tail> {
  const listeners = new Set<Listener>()
  const at = { entry: await store.ledger.lastSeq(), log: await store.log.lastSeq(), pulse: store.pulse() }
  let timer: NodeJS.Timeout | null = null
  let wroteAt = performance.now()

  const read = async (): Promise<void> => {
    for (let more = true; more;) {
      const written = await store.ledger.since(at.entry, atOnce)
      const lines = await store.log.since(at.log, atOnce)
      at.entry = written.at(-1)?.seq ?? at.entry
      at.log = lines.at(-1)?.seq ?? at.log
      for (const listener of listeners) {
        for (const one of written)
          if (isAside(one)) listener.aside(one)
          else listener.entry(one)
        for (const line of lines) listener.log(line)
      }
      more = written.length === atOnce || lines.length === atOnce
    }
  }
  const look = async (): Promise<void> => {
    const pulse = store.pulse()
    if (pulse !== at.pulse) {
      await read()
      wroteAt = performance.now()
    }
    at.pulse = pulse
    timer = setTimeout(next, performance.now() - wroteAt < idleAfterMs ? lookMs : idleLookMs)
  }
  const next = (): void => void look().catch(broke)
  timer = setTimeout(next, lookMs)

  return {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => clearTimeout(timer ?? undefined),
  }
}
