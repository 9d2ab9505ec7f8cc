import type { Door } from '../change/order.ts'

/** One ref that moves. `from` is null for a new one, `to` for one that is deleted. */
export type RefMove = Readonly<{ ref: string; from: string | null; to: string | null }>

/** What somebody pushes, as a hook tells it. */
export type Push = Readonly<{
  repo: string
  /** A person whom the door knows. */
  who: string
  moves: readonly RefMove[]
  /** Moves beyond those that are looked at. */
  movesLeftOut: number
  /** What was given with `git push -o`. */
  options: readonly string[]
  /** Where its objects lie until it is taken; null once it was. */
  quarantine: string | null
  /** The name of the file of the spool that tells of it as well. */
  kept: string | null
  /** The exchange over HTTP that it comes by; null = another way. */
  exchange: string | null
}>

/** One ref that has moved, however it came. */
export type Pushed = Readonly<{
  repo: string
  /** In full. */
  ref: string
  from: string | null
  to: string | null
  who: string
  door: Door | 'forge' | 'found'
  /** Of the commit that it points to now; empty where it is gone. */
  subject: string
}>

/** The terminal of who pushed: what is said here is printed there, until it is ended or they leave. */
export type Relay = Readonly<{
  say: (line: string) => void
  end: () => void
  /** Aborted when nobody listens any more. */
  gone: AbortSignal
}>

/** A relay to nobody. */
export function silentRelay(): Relay {
  return { say: () => {}, end: () => {}, gone: AbortSignal.abort() }
}
