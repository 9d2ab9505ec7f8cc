import type { Stage, Step } from '../change/plan.ts'
import { TroubleError } from '../change/trouble.ts'
import type { Watched } from '../pipeline/kind.ts'
import { type Bench, hostOf, partsOf, send, sendQuick } from './bench.ts'
import type { Deployment } from './deployment.ts'
import { type Count, type HostWatch, judge, readCount } from './evidence.ts'
import { frontKind } from './host-front.ts'
import { scriptOf, type Wanted } from './host-script.ts'
import type { Talk } from '../remote/talk.ts'

const beatMs = 2_000
/** A host that has not heard us for so long goes back by itself. */
const holdSeconds = 12
const holdExtraMs = 15 * 60_000
const lookMs = 250
/** A watched host speaks each second. After this long without a word a watch does not end well, */
const quietMs = 3_000
/** and after this long it ends: nobody can say that a host does well which is not heard. */
const silentMs = 8_000

type Watch = { -readonly [Key in keyof HostWatch]: HostWatch[Key] } & { heardAt: number }

/** Hosts that are switched and not confirmed yet, each held in one session. */
export type Held = Map<string, Readonly<{ talk: Talk; beat: NodeJS.Timeout; watch: Watch }>>

const switching = (mode: 'hold' | 'back' | 'confirm'): Wanted => ({
  parts: ['front.sh', 'start.sh', 'switch.sh'],
  perl: mode === 'hold' ? ['FRONT_PL', 'READY_PL', 'HOLD_PL'] : ['FRONT_PL', 'READY_PL'],
  setsUp: false,
  more: { MODE: mode, HOLD_S: String(holdSeconds) },
})

/** Switches one host and holds it: while we say that we live it stays switched, otherwise it goes back by itself. */
export async function switchOver(bench: Bench, held: Held, step: Step): Promise<void> {
  const parts = partsOf(bench, step)
  const hasFront = frontKind(parts.host, bench.deployment).kind !== 'none'
  const watch: Watch = { host: hostOf(step), hasFront, died: false, first: null, last: null, heardAt: 0 }
  const sent = send(bench, step, parts, {
    script: scriptOf(parts, switching('hold')),
    frames: [],
    limitMs: holdLimitMs(bench.deployment),
    secrets: [],
    heard: countInto(watch),
  })
  const beat = setInterval(() => sent.say('beat'), beatMs)
  held.set(hostOf(step), { talk: sent, beat, watch })
  await sent.until('live')
}

const holdLimitMs = ({ stages, watchMs }: Deployment): number => stages.length * watchMs + holdExtraMs

function countInto(watch: Watch): (words: readonly string[]) => void {
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

/** Takes the switch of one host back: in its session while that is there, else by a program of its own. */
export async function switchBack(bench: Bench, held: Held, step: Step): Promise<void> {
  const talking = letGo(held, hostOf(step))
  if (talking === null || talking.isOver()) return sendQuick(bench, step, switching('back'), 'back')
  talking.say('back')
  await talking.until('back')
}

/** Makes the switch of one host last. */
export async function confirm(bench: Bench, held: Held, step: Step): Promise<void> {
  const talking = letGo(held, hostOf(step))
  if (talking !== null && !talking.isOver()) {
    talking.say('confirm')
    // When it went back before our word arrived, the decision stands all the same: it is switched again below.
    if (
      await talking.until('confirmed').then(
        () => true,
        () => false,
      )
    )
      return
  }
  await sendQuick(bench, step, switching('confirm'), 'confirmed')
}

function letGo(held: Held, host: string): Talk | null {
  const found = held.get(host)
  if (found === undefined) return null
  clearInterval(found.beat)
  held.delete(host)
  return found.talk
}

/**
 * Looks at every host that has the new release so far, as long as the stage says or until it did harm. Throws a
 * TroubleError when one of them falls silent.
 */
export async function watchStage(held: Held, stage: Stage, signal: AbortSignal): Promise<Watched> {
  const until = performance.now() + (stage.watch?.forMs ?? 0)
  const now = (): Watched => judge([...held.values()].map(({ watch }) => watch))
  while ((performance.now() < until || isQuiet(held)) && !signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, lookMs))
    if (now().verdict === 'harmful') break
    refuseSilence(held)
  }
  return now()
}

const silenceOf = ({ heardAt }: Watch): number => performance.now() - heardAt

const isQuiet = (held: Held): boolean => [...held.values()].some(({ watch }) => silenceOf(watch) > quietMs)

function refuseSilence(held: Held): void {
  for (const [host, { talk, watch }] of held) {
    if (!talk.isOver() && silenceOf(watch) <= silentMs) continue
    throw new TroubleError({
      what: `${host} fell silent while its new release was watched`,
      host,
      lost: true,
      now: 'see whether the host is up; it goes back by itself, and is healed when it returns',
    })
  }
}
