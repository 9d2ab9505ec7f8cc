import type { Deployment } from '../deployment.ts'
import { type Count, type HostWatch, readCount } from './evidence.ts'
import type { Talk } from '../../remote/talk.ts'

const beatMs = 2_000
/** A host that has not heard us for so long goes back by itself. */
export const holdSeconds = 12
const holdExtraMs = 15 * 60_000

export type Watch = { -readonly [Key in keyof HostWatch]: HostWatch[Key] } & { heardAt: number }

/** A program that stays on a host and waits for our word, told all the while that we live. */
export type Holding = Readonly<{ talk: Talk; beat: NodeJS.Timeout; watch: Watch }>

/** Hosts by name: those that are prepared and wait for the switch, and those switched and not confirmed yet. */
export type Held = Readonly<{ waiting: Map<string, Holding>; switched: Map<string, Holding> }>

export const newHeld = (): Held => ({ waiting: new Map(), switched: new Map() })

/** How long a program may take to be told what becomes of its host. */
export const holdLimitMs = ({ stages, watchMs }: Deployment): number => stages.length * watchMs + holdExtraMs

export const newWatch = (host: string, hasFront: boolean): Watch => {
  return { host, hasFront, died: false, first: null, last: null, heardAt: 0 }
}

export function holdOn(holdings: Map<string, Holding>, talk: Talk, watch: Watch): void {
  const beat = setInterval(() => talk.say('beat'), beatMs)
  holdings.set(watch.host, { talk, beat, watch })
}

/** The program on a host, if it can still be told something; it is held no more. */
export function letGo(holdings: Map<string, Holding>, host: string): Holding | null {
  const found = holdings.get(host)
  if (found === undefined) return null
  clearInterval(found.beat)
  holdings.delete(host)
  return found.talk.isOver() ? null : found
}

/** Stops telling hosts that we live. */
export function fallSilent({ waiting, switched }: Held): void {
  for (const { beat } of [...waiting.values(), ...switched.values()]) clearInterval(beat)
}

export function countInto(watch: Watch): (words: readonly string[]) => void {
  let next: Count | null = null
  return ([word, which, ...rest]) => {
    watch.heardAt = performance.now()
    if (word === 'died') watch.died = true
    if (word !== 'stat') return
    if (which === 'new') next = readCount(rest)
    if (which !== 'old' || next === null) return
    watch.last = { next, old: readCount(rest) }
    watch.first ??= watch.last
  }
}
