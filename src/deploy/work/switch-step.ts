import type { Stage, Step } from '../../change/plan.ts'
import { TroubleError } from '../../change/trouble.ts'
import type { Watched } from '../../pipeline/kind.ts'
import { type Bench, hostOf, partsOf, send, sendQuick } from './bench.ts'
import { judge } from './evidence.ts'
import {
  countInto,
  type Held,
  holdLimitMs,
  holdOn,
  holdSeconds,
  letGo,
  newWatch,
  type Watch,
} from './held.ts'
import { frontKind } from '../program/host-front.ts'
import type { HostParts } from '../program/host-parts.ts'
import { scriptOf, type Wanted } from '../program/host-script.ts'

const lookMs = 250
/** A watched host speaks each second. After this long without a word a watch does not end well, */
const quietMs = 3_000
/** and after this long it ends: nobody can say that a host does well which is not heard. */
const silentMs = 8_000

/** The program that switches; `wait`, after another that has prepared, waits for our word before. */
export const switching = (mode: 'wait' | 'hold' | 'back' | 'confirm'): Wanted => ({
  parts: ['front.sh', 'start.sh', 'switch.sh'],
  perl: mode === 'hold' || mode === 'wait' ? ['FRONT_PL', 'READY_PL', 'HOLD_PL'] : ['FRONT_PL', 'READY_PL'],
  setsUp: false,
  more: { MODE: mode, HOLD_S: String(holdSeconds) },
})

/**
 * Switches one host and holds it: while we say that we live it stays switched, otherwise it goes back by itself. The
 * program that prepared the host is told so where it still waits.
 */
export async function switchOver(bench: Bench, held: Held, step: Step): Promise<void> {
  const waiting = letGo(held.waiting, hostOf(step))
  if (waiting === null) return switchAnew(bench, held, step)
  holdOn(held.switched, waiting.talk, waiting.watch)
  waiting.talk.say('switch')
  await waiting.talk.until('live')
}

async function switchAnew(bench: Bench, held: Held, step: Step): Promise<void> {
  const parts = partsOf(bench, step)
  const watch = watchOf(bench, parts)
  const sent = send(bench, step, parts, {
    script: scriptOf(parts, switching('hold')),
    frames: [],
    limitMs: holdLimitMs(bench.deployment),
    secrets: [],
    heard: countInto(watch),
  })
  holdOn(held.switched, sent, watch)
  await sent.until('live')
}

export const watchOf = ({ deployment }: Bench, { host }: HostParts): Watch =>
  newWatch(host.name, frontKind(host, deployment).kind !== 'none')

/** Takes the switch of one host back: in its session while that is there, else by a program of its own. */
export async function switchBack(bench: Bench, held: Held, step: Step): Promise<void> {
  const holding = letGo(held.switched, hostOf(step))
  if (holding === null) return sendQuick(bench, step, switching('back'), 'back')
  holding.talk.say('back')
  await holding.talk.until('back')
}

/** Makes the switch of one host last. */
export async function confirm(bench: Bench, held: Held, step: Step): Promise<void> {
  const holding = letGo(held.switched, hostOf(step))
  if (holding !== null) {
    holding.talk.say('confirm')
    // When it went back before our word arrived, the decision stands all the same: it is switched again below.
    const told = holding.talk.until('confirmed')
    if (
      await told.then(
        () => true,
        () => false,
      )
    )
      return
  }
  await sendQuick(bench, step, switching('confirm'), 'confirmed')
}

/**
 * Looks at every host that has the new release so far, as long as the stage says or until it did harm. Throws a
 * TroubleError when one of them falls silent.
 */
export async function watchStage({ switched }: Held, stage: Stage, signal: AbortSignal): Promise<Watched> {
  const until = performance.now() + (stage.watch?.forMs ?? 0)
  const now = (): Watched => judge([...switched.values()].map(({ watch }) => watch))
  while ((performance.now() < until || isQuiet(switched)) && !signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, lookMs))
    if (now().verdict === 'harmful') break
    refuseSilence(switched)
  }
  return now()
}

const silenceOf = ({ heardAt }: Watch): number => performance.now() - heardAt

const isQuiet = (switched: Held['switched']): boolean =>
  [...switched.values()].some(({ watch }) => silenceOf(watch) > quietMs)

function refuseSilence(switched: Held['switched']): void {
  for (const [host, { talk, watch }] of switched) {
    if (!talk.isOver() && silenceOf(watch) <= silentMs) continue
    throw new TroubleError({
      what: `${host} fell silent while its new release was watched`,
      host,
      lost: true,
      now: 'see whether the host is up; it goes back by itself, and is healed when it returns',
    })
  }
}
