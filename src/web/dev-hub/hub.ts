import { setTimeout as sleep } from 'node:timers/promises'
import type { OrderWish, StatusView } from '../../api/wire/wire.ts'
import type { ChangeId, Order } from '../../change/order.ts'
import { type Plan, stepsOf } from '../../change/plan.ts'
import { isOver } from '../../change/status.ts'
import { TroubleError } from '../../change/trouble.ts'
import { makePlayCode, type PlayCode } from './code/code.ts'
import { makePlayDrift, type PlayDrift } from './drift.ts'
import type { FlipWish } from '../../api/wire/flags.ts'
import { makePlayFlags, type PlayFlags } from './flags/flags.ts'
import { record } from './history.ts'
import { makePlayLedger, type PlayLedger } from './ledger.ts'
import { commitIn, commitLive, liveChanges } from './live.ts'
import { planWished } from './plan-apply.ts'
import { apps, planOf, type PlayApp, targetOf } from './plan-of.ts'
import { play } from './play.ts'
import { statusOf } from './status.ts'

export type PlayHub = Readonly<{
  ledger: PlayLedger
  drift: PlayDrift
  code: PlayCode
  flags: PlayFlags
  plan: (wish: OrderWish) => Readonly<{ plan: Plan; target: string }>
  order: (wish: OrderWish, who: string) => ChangeId
  planRevert: (id: ChangeId) => Readonly<{ plan: Plan; target: string; reverts: ChangeId }>
  revert: (id: ChangeId, why: string, who: string) => ChangeId
  stop: (id: ChangeId, who: string) => void
  status: () => StatusView
  /** Changes wait before this step, and runs before the last one of this job, until another one, or none, is named. */
  holdAt: (step: string | null) => void
  close: () => void
}>

type Pace = Readonly<{ paceMs: number; changes: number }>

/**
 * A hub that plays deploys and applies instead of making them: one at a time per target, and `bad` as a ref breaks on
 * the way.
 */
export async function makePlayHub({ paceMs, changes }: Pace): Promise<PlayHub> {
  const ledger = makePlayLedger()
  const drift = makePlayDrift(Date.now())
  await record(ledger, changes, Date.now())
  const flags = makePlayFlags(Date.now())
  const closing = new AbortController()
  const beat = async () => {
    await sleep(paceMs, undefined, { signal: closing.signal })
    return Date.now()
  }
  const hold = makeHold()
  const code = makePlayCode({
    deployed: changes,
    now: Date.now(),
    beat,
    mayEnd: hold.pass,
    runTold: (run) => ledger.tell({ type: 'run', run }),
    aside: ledger.addAside,
  })
  const stage: PlayStage = {
    ledger,
    beat,
    mayBegin: hold.pass,
    queues: new Map(),
    stopped: new Set(),
    switched: new Map(),
  }
  return {
    ledger,
    drift,
    code,
    flags,
    plan: (wish) => {
      if (wish.kind === 'flip') return planFlip(flags, wish)
      if (wish.kind === 'apply') return { plan: planWished(drift, wish), target: infraTarget }
      const { plan, app } = wished(ledger, wish)
      return { plan, target: targetOf(app) }
    },
    order: (wish, who) => {
      if (wish.kind === 'flip') return flip(stage, flags, wish, who)
      if (wish.kind === 'apply') return apply(stage, drift, wish, who)
      return deploy(stage, wish, who)
    },
    planRevert: (id) => revertOf(ledger, id),
    revert: (id, why, who) => {
      const { plan, target } = revertOf(ledger, id)
      const order = { kind: 'deploy', wish: null, target, who, why, door: 'web', reverts: id } as const
      return begin(stage, order, plan, null)
    },
    stop: (id, who) => stop(stage, id, who),
    status: () => statusOf(ledger, drift, stage.switched),
    holdAt: hold.at,
    close: () => {
      closing.abort()
      hold.at(null)
    },
  }
}

function makeHold() {
  let held: string | null = null
  let waiting: (() => void)[] = []
  return {
    at: (step: string | null) => {
      held = step
      for (const go of waiting) go()
      waiting = []
    },
    pass: async (step: string) => {
      while (held === step) await new Promise<void>((resolve) => waiting.push(resolve))
    },
  }
}

const infraTarget = 'infra'

function apply(stage: PlayStage, drift: PlayDrift, wish: OrderWish, who: string): ChangeId {
  const plan = planWished(drift, wish)
  const order = { ...wish, target: infraTarget, who, door: 'web', reverts: null } as const
  // What was found is put right at its end; the next look finds it so.
  drift.mend(stepsOf(plan).flatMap(({ host }) => host ?? []))
  return begin(stage, order, plan, null)
}

function planFlip(flags: PlayFlags, { wish }: OrderWish): Readonly<{ plan: Plan; target: string }> {
  const flipped = wish as unknown as FlipWish
  const key = 'flag' in flipped ? flipped.flag : flipped.do === 'write' ? keyOf(flipped.items[0]) : 'flags'
  return { plan: flags.plan(flipped), target: `${key}@production` }
}

function keyOf(item: Extract<FlipWish, { do: 'write' }>['items'][number] | undefined): string {
  if (item === undefined) return 'flags'
  return 'flag' in item ? item.flag : item.segment
}

function deploy(stage: PlayStage, wish: OrderWish, who: string): ChangeId {
  const { app, plan, ref } = wished(stage.ledger, wish)
  const order = { ...wish, target: targetOf(app), who, door: 'web', reverts: null } as const
  return begin(stage, order, plan, ref === 'bad' ? `start ${app.hosts.at(1) ?? app.hosts[0]}` : null)
}

/** A flip is in force as soon as it has begun. */
function flip(stage: PlayStage, flags: PlayFlags, wish: OrderWish, who: string): ChangeId {
  const { plan, target } = planFlip(flags, wish)
  const id = begin(stage, { ...wish, target, who, door: 'web', reverts: null }, plan, null)
  flags.flip(wish.wish as unknown as FlipWish, id, who)
  stage.ledger.tell({ type: 'flags', environment: 'production', rev: id, changed: [], removed: [] })
  return id
}

type PlayStage = Readonly<{
  ledger: PlayLedger
  beat: () => Promise<number>
  mayBegin: (step: string) => Promise<void>
  queues: Map<string, Promise<void>>
  stopped: Set<ChangeId>
  switched: Map<ChangeId, Set<string>>
}>

function begin(stage: PlayStage, order: Order, plan: Plan, breaksAt: string | null): ChangeId {
  const { ledger, queues, stopped, switched, beat, mayBegin } = stage
  const id = ledger.order(order, Date.now())
  const hosts = new Set<string>()
  switched.set(id, hosts)
  const before = queues.get(order.target) ?? Promise.resolve()
  const run = before.then(async () => {
    if (isOver(ledger.view(id)?.status ?? 'done')) return
    const isStopped = () => stopped.has(id)
    await play({ ledger, id, plan, beat, isStopped, mayBegin, breaksAt, switched: (host) => hosts.add(host) })
  })
  // The only way a played change can fail is that the hub closes in the middle of it.
  const ended = run.catch(() => undefined)
  queues.set(order.target, ended)
  return id
}

function stop({ ledger, stopped }: PlayStage, id: ChangeId, who: string): void {
  if (ledger.view(id)?.status === 'waiting')
    return ledger.add(id, { type: 'withdrawn', who, why: 'asked to stop' }, Date.now())
  stopped.add(id)
  ledger.add(id, { type: 'stop-asked', who, door: 'web' }, Date.now())
}

type Wished = Readonly<{ app: PlayApp; plan: Plan; ref: string }>

function wished(ledger: PlayLedger, { wish }: OrderWish): Wished {
  const { app: name, environment, ref } = wish as Readonly<Record<string, string>>
  const app = apps.find((one) => one.app === name && one.environment === environment)
  if (app === undefined || ref === undefined || ref === 'nowhere')
    throw new TroubleError({
      what: `the ref ${ref} is in no branch or tag of ${name}`,
      where: 'git@example:shop.git',
      now: 'push it, or pick one that `git branch -r` shows',
    })
  return { app, ref, plan: planOf(app, commitLive(ledger, targetOf(app)), commitFor(ref)) }
}

/** Any ref stands for some commit; the same ref for the same one. */
const commitFor = (ref: string): string =>
  Buffer.from(ref)
    .reduce((sum, byte) => (sum * 31 + byte) % 0xfffffff, 0xe1)
    .toString(16)
    .padStart(7, 'e')

function revertOf(ledger: PlayLedger, id: ChangeId) {
  const change = ledger.view(id)
  const app = apps.find((one) => targetOf(one) === change?.target)
  if (change === null || app === undefined)
    throw new TroubleError({ what: `there is no change ${id}`, now: 'look at the timeline' })
  const number = Number(id.slice(1))
  const before = liveChanges(ledger, change.target).find((other) => Number(other.id.slice(1)) < number)
  const to = before === undefined ? '0000000' : commitIn(before.title)
  const plan = planOf(app, commitLive(ledger, change.target), to)
  return {
    plan: { ...plan, title: `bring back ${app.app} ${to} to ${app.environment}` },
    target: change.target,
    reverts: id,
  }
}
