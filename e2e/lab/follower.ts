import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '../../src/api/client/client.ts'
import type { Entry } from '../../src/change/entry.ts'
import type { ChangeId } from '../../src/change/order.ts'
import { isOver, type Status, statusOf } from '../../src/change/status.ts'

/** An entry and when it was heard, by `performance.now()`. */
export type Heard = Readonly<{ entry: Entry; at: number }>

/** What people on the event stream know: every entry heard so far, across hubs that die and come back. */
export type Follower = Readonly<{
  heard: () => readonly Heard[]
  of: (change: ChangeId) => readonly Entry[]
  /** The status of a change as far as it was heard; `null` before its order was. */
  statusOf: (change: ChangeId) => Status | null
  /** Resolves to what was heard when it makes the claim true; rejects after the limit. */
  until: (what: string, claim: (heard: Heard) => boolean, limitMs: number) => Promise<Heard>
  close: () => void
}>

type Waiter = Readonly<{ claim: (heard: Heard) => boolean; done: (heard: Heard) => void }>

const againMs = 50

/** Follows the event stream from the beginning of the ledger. `client` is asked anew after each lost connection. */
export function openFollower(client: () => Client): Follower {
  const heard: Heard[] = []
  const waiters = new Set<Waiter>()
  const closing = new AbortController()

  const hear = (entry: Entry): void => {
    const one = { entry, at: performance.now() }
    heard.push(one)
    for (const waiter of waiters) if (waiter.claim(one)) waiter.done(one)
  }
  void follow(client, hear, closing.signal)

  const of = (change: ChangeId): readonly Entry[] =>
    heard.flatMap(({ entry }) => (entry.change === change ? [entry] : []))
  return {
    heard: () => heard,
    of,
    statusOf: (change) => {
      const entries = of(change)
      return entries.length === 0 ? null : statusOf(entries)
    },
    until: (what, claim, limitMs) => {
      const known = heard.find(claim)
      if (known !== undefined) return Promise.resolve(known)
      return new Promise((resolve, reject) => {
        const end = (): void => {
          clearTimeout(late)
          waiters.delete(waiter)
        }
        const waiter: Waiter = {
          claim,
          done: (one) => {
            end()
            resolve(one)
          },
        }
        const late = setTimeout(() => {
          end()
          reject(new Error(`not heard within ${limitMs / 1000} s: ${what}`))
        }, limitMs)
        waiters.add(waiter)
      })
    },
    close: () => closing.abort(),
  }
}

/** A lost stream is opened again at once, from where it ended: the client's own patience is for people. */
async function follow(
  client: () => Client,
  hear: (entry: Entry) => void,
  closing: AbortSignal,
): Promise<void> {
  let after = 0
  while (!closing.aborted) {
    const lost = new AbortController()
    const signal = AbortSignal.any([closing, lost.signal])
    const onConnection = (state: 'lost' | 'back'): void => {
      if (state === 'lost') lost.abort()
    }
    try {
      for await (const event of client().events({ after, signal, onConnection })) {
        if (event.type === 'aside') after = event.aside.seq
        if (event.type !== 'entry') continue
        after = event.entry.seq
        hear(event.entry)
      }
    } catch {
      // The hub is away: that is what trials are about.
    }
    await pause(againMs, undefined, { ref: false })
  }
}

/** Resolves to the status a change ended with. */
export async function untilOver(follower: Follower, change: ChangeId, limitMs: number): Promise<Status> {
  const isEnd = ({ entry }: Heard): boolean =>
    entry.change === change && isOver(follower.statusOf(change) ?? 'waiting')
  await follower.until(`the end of ${change}`, isEnd, limitMs)
  return follower.statusOf(change) ?? 'waiting'
}
