import type { TrainSide } from '../../api/hub-side.ts'
import { type Change, changeOf } from '../../change/change.ts'
import type { CommitPlan, TrainPlace } from '../../api/wire/code.ts'
import type { Aside, Written } from '../../change/occurrence.ts'
import type { Order } from '../../change/order.ts'
import { TroubleError } from '../../change/trouble.ts'
import {
  type Arrival,
  type Decision,
  holdOf,
  type LaneState,
  type Tried,
  whatNow,
} from '../../ci/flow/what-now.ts'
import type { TeamConfig } from '../../config/config.ts'
import { frozenBy } from '../../config/values/freeze.ts'
import { nearest } from '../../config/mistakes/nearest.ts'
import type { World } from '../../pipeline/world.ts'
import type { Store } from '../../store/store.ts'
import { commitBrought } from '../vcs/commit-brought.ts'
import { asPlanned } from '../infra/as-planned.ts'
import { heldAs, type Lane, lanesOf, onGreen } from './lanes.ts'

/** How far back is looked: what is older goes nowhere by itself. */
const [asidesRead, runsRead, changesRead, pagesRead] = [500, 100, 50, 20]
/** Freezes and holds end by the clock, without anybody writing anything. */
const lookAnywayMs = 5_000

type Parts = Readonly<{
  world: Pick<World, 'store' | 'now' | 'kinds'>
  config: () => Promise<TeamConfig>
  propose: (order: Order) => Promise<string>
  /** What a commit of the infrastructure would do; null where nobody has looked. */
  planOf: (repo: string, commit: string) => Promise<CommitPlan | null>
}>

export type Train = Readonly<{
  side: TrainSide
  /** Says that something has happened by which another commit may be the one to go. */
  stir: () => void
  /** Looks, if it was stirred, and orders what should go now. */
  tick: () => Promise<void>
  /** What the last look found on a target, and when that was; null = there was none. */
  found: (target: string) => Readonly<{ at: number; places: readonly TrainPlace[] }> | null
}>

const stirring: ReadonlySet<Written['type']> = new Set<Written['type']>([
  'pushed',
  'plan-made',
  'followed',
  'held',
  'released',
  'ordered',
  'planned',
  'refused',
  'withdrawn',
  'finished',
  'undone',
  'stuck',
])

/** Whether the train must look again after this was written down. That a run is over is written down before it is. */
export const stirs = ({ type }: Written): boolean => stirring.has(type)

/** What goes out by itself, computed anew each time from the ledger and the runs: a hub that restarts has lost nothing. */
export function openTrain(parts: Parts): Train {
  const { store, now } = parts.world
  const seen = { isStirred: true, at: 0 }
  const lastFound = new Map<string, ReturnType<Train['found']>>()
  const stir = (): void => {
    seen.isStirred = true
  }

  const tick = async (): Promise<void> => {
    const at = now()
    if (!seen.isStirred && at - seen.at < lookAnywayMs) return
    // What happens from here on is for the next look.
    Object.assign(seen, { isStirred: false, at })
    const config = await parts.config().catch(() => null)
    // A tandem.ts that cannot be read says nothing of what should go.
    if (config === null) return
    for (const lane of onGreen(config)) lastFound.set(lane.target, { at, places: await move(parts, lane) })
  }

  const known = async (target: string): Promise<void> => {
    const targets = lanesOf(await parts.config()).map((lane) => lane.target)
    if (!targets.includes(target)) throw unknownTarget(target, targets)
  }

  return {
    stir,
    tick,
    found: (target) => lastFound.get(target) ?? null,
    side: {
      view: async () => {
        const config = await parts.config()
        const others = lanesOf(config).filter(({ when }) => when !== 'on green')
        const [byHand = null] = others.filter(({ isPlanned }) => isPlanned)
        const decisions = await Promise.all(onGreen(config).map((lane) => decide(parts, lane)))
        const waiting = byHand === null ? [] : await waitingPlaces(parts, byHand)
        const holds = await Promise.all(others.map(({ target }) => holdHere(parts, target)))
        return {
          // That a commit changes nothing is said on its page, and to who pushed it.
          places: [...decisions.flatMap(({ places }) => places), ...waiting].filter(
            ({ status }) => status !== 'empty',
          ),
          holds: [...decisions.map(({ hold }) => hold), ...holds].filter((hold) => hold !== null),
        }
      },
      hold: async ({ target, who, why, until }) => {
        await known(target)
        const since = now()
        await store.ledger.record(heldAs(target), { type: 'held', who, why, until }, since)
        stir()
        return { target, who, why, since, until }
      },
      release: async (target, who, why) => {
        await known(target)
        if ((await holdHere(parts, target)) === null) throw notHeld(target)
        await store.ledger.record(heldAs(target), { type: 'released', who, why }, now())
        stir()
      },
    },
  }
}

/** Orders what should go on one target, and gives what it found there. */
async function move(parts: Parts, lane: Lane): Promise<readonly TrainPlace[]> {
  const { store, now, kinds } = parts.world
  const { go, holdAnew, places } = await decide(parts, lane)
  if (holdAnew !== null)
    await store.ledger.record(heldAs(lane.target), { type: 'held', ...holdAnew, until: null }, now())
  if (go === null) return places
  const kind = kinds.get(lane.kind)
  if (kind === undefined) throw new Error(`there is no kind of change called ${lane.kind}`)
  const accepted = await kind.accept(lane.wishOf(go.commit))
  const { who, why } = go
  await parts.propose({ ...accepted, kind: lane.kind, who, door: 'git', why, reverts: null })
  return places
}

async function decide(parts: Parts, lane: Lane): Promise<Decision> {
  const decision = whatNow(await stateOf(parts, lane))
  return lane.isPlanned ? asPlanned(decision, (commit) => parts.planOf(lane.repo, commit)) : decision
}

/** What waits for a person to apply it. A revert is no hold there: nothing comes by itself. */
async function waitingPlaces(parts: Parts, lane: Lane): Promise<readonly TrainPlace[]> {
  const state = await stateOf(parts, lane)
  const tried = state.tried.map((one) => ({ ...one, reverts: null }))
  const decision = whatNow({ ...state, tried, lastHold: null, frozen: null })
  const { places } = await asPlanned(decision, (commit) => parts.planOf(lane.repo, commit))
  return places.map((place) =>
    place.status === 'green' ? { ...place, why: 'somebody has to apply it' } : place,
  )
}

async function stateOf({ world: { store, now } }: Parts, lane: Lane): Promise<LaneState> {
  const ref = `refs/heads/${lane.branch}`
  const asides = await store.ledger.asides({ about: lane.repo, before: null, limit: asidesRead })
  const runs = await store.runs.list({ repo: lane.repo, commit: null, ref, before: null, limit: runsRead })
  return {
    target: lane.target,
    arrivals: asides.flatMap((aside) => arrivalOf(aside, ref)),
    runs,
    tried: await triedOn(store, lane.target),
    lastHold: await lastHold(store, lane.target),
    frozen: frozenBy(lane.freeze, now(), lane.zone)?.written ?? null,
    now: now(),
  }
}

function arrivalOf(aside: Aside, ref: string): readonly Arrival[] {
  if (aside.type !== 'pushed' || aside.ref !== ref || aside.to === null) return []
  return [{ commit: aside.to, subject: aside.subject, who: aside.who }]
}

/** The newest changes of a target, back to one that has brought a commit: others may have stood before it for weeks. */
async function triedOn(store: Store, target: string): Promise<readonly Tried[]> {
  const tried: Tried[] = []
  for (let page = 0, before: string | null = null; page < pagesRead; page++) {
    const ids = await store.ledger.changes({ target, before, limit: changesRead })
    const changes = await store.ledger.ofMany(ids)
    tried.push(...changes.map((entries) => triedOf(changeOf(entries, null), entries.at(-1)?.seq ?? 0)))
    before = ids.at(-1) ?? null
    if (ids.length < changesRead || tried.some(({ commit }) => commit !== null)) break
  }
  return tried
}

function triedOf(change: Change, seq: number): Tried {
  const { who, why, reverts } = change.order
  const commit = commitBrought(change)
  return { change: change.id, commit, status: change.status, who, why, reverts, seq }
}

async function lastHold(store: Store, target: string): Promise<LaneState['lastHold']> {
  const [last] = await store.ledger.asides({ about: heldAs(target), before: null, limit: 1 })
  return last?.type === 'held' || last?.type === 'released' ? last : null
}

const holdHere = async ({ world: { store, now } }: Parts, target: string) =>
  holdOf({ target, lastHold: await lastHold(store, target), now: now() })

function unknownTarget(target: string, targets: readonly string[]): TroubleError {
  const meant = nearest(target, targets)
  return new TroubleError({
    what: `there is nothing called ${target.slice(0, 80)} to hold`,
    where: 'tandem.ts',
    now: meant === null ? `known: ${targets.join(', ')}` : `did you mean ${meant}?`,
  })
}

const notHeld = (target: string): TroubleError =>
  new TroubleError({
    what: `${target} is not held`,
    now: '`tandem train` shows what is held, and by whom',
  })
