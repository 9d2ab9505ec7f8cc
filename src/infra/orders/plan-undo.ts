import { changeOf } from '../../change/change.ts'
import type { Json } from '../../change/json.ts'
import type { Plan } from '../../change/plan.ts'
import { TroubleError } from '../../change/trouble.ts'
import { opsOf, type Outcome, type StepInput } from '../outcome.ts'
import type { Op } from '../plan/op.ts'
import { planLines } from '../plan/lines.ts'
import type { HostPlan } from '../plan/plan-host.ts'
import { summaryOf } from '../plan/summary.ts'
import { planRevert } from '../plan/plan-revert.ts'
import { wantsOfOps } from '../plan/wants.ts'
import { digestWith, type Planning, refuseTroubles } from './plan-recipes.ts'
import { noSecrets, seenOf } from '../look/sights.ts'
import { keepStep, stagesOf } from './stages.ts'
import type { Wish } from '../wish.ts'

type UndoWish = Extract<Wish, { do: 'undo' }>

/** What takes back on its hosts what a change of the infrastructure did there. */
export async function planUndo(planning: Omit<Planning, 'stash'>, wish: UndoWish): Promise<Plan> {
  const { world, config } = planning
  const change = changeOf(await world.store.ledger.of(wish.change), null)
  const done = [...(await opsOf(world.store, change))].filter(
    ([host]) => config.hosts[host] !== undefined && (wish.hosts?.includes(host) ?? true),
  )
  const key = await world.settingsKey()
  const found = await Promise.all(
    done.map(async ([host, ops]) => {
      const seen = await seenOf({ world, config, reveal: noSecrets }, host, wantsOfOps(ops))
      if (!('facts' in seen)) return { host, plan: null }
      const parts = { host, change: wish.change, ops, seen, digestOf: digestWith(key), isForced: wish.isLeft }
      return { host, plan: planRevert(parts) }
    }),
  )
  const plans = found.flatMap(({ plan }) => (plan === null ? [] : [plan]))
  const away = found.flatMap(({ host, plan }) => (plan === null ? [host] : []))
  if (plans.length === 0) throw nothingToDo(wish.change, away)
  refuseTroubles(plans)
  return {
    title: `take back ${wish.change}: ${change.plan?.title ?? ''}`,
    lines: planLines(plans),
    warnings: [],
    stages: wish.isLeft ? leftStages(plans, new Map(done)) : stagesOf(workOf(plans), config.infra.stages),
    settle: [keepStep],
    fenced: away,
    outcome: outcomeOfUndo(plans, away, wish.change) as unknown as Json,
  }
}

const workOf = (plans: readonly HostPlan[]): readonly Readonly<{ host: string; input: StepInput }>[] =>
  plans.flatMap(({ host, ops }) => (ops.length === 0 ? [] : [{ host, input: { ops, more: false } }]))

/**
 * A host that vanished in the middle of a change that was undone elsewhere: what it had begun is put back by the
 * program that undoes a change in its course, which asks nobody how far it came.
 */
function leftStages(plans: readonly HostPlan[], ops: ReadonlyMap<string, readonly Op[]>): Plan['stages'] {
  const steps = plans.map(({ host }) => ({
    id: `put back ${host}`,
    action: 'put back',
    host,
    input: { ops: ops.get(host) ?? [], more: false } as unknown as Json,
    cannotUndo: 'it is the undo of a change already',
  }))
  return [{ name: 'rest', steps, atOnce: steps.length, watch: null }]
}

function outcomeOfUndo(plans: readonly HostPlan[], away: readonly string[], change: string): Outcome {
  return {
    do: 'undo',
    hosts: [...plans.map(({ host }) => host), ...away],
    summary: summaryOf(plans),
    change,
    takenBack: Object.fromEntries(plans.map(({ host, ops }) => [host, [...new Set(ops.flatMap(thingsOf))]])),
  }
}

/** A transaction is of many packages. */
const thingsOf = ({ key, act }: Op): readonly string[] =>
  act.type === 'packages' ? Object.keys(act.before).map((name) => `package ${name}`) : [key]

const nothingToDo = (change: string, away: readonly string[]): TroubleError =>
  away.length > 0
    ? new TroubleError({
        what: `none of the hosts of ${change} can be reached: ${away.join(', ')}`,
        now: 'look at the network and at `tandem status`, then order it again',
      })
    : new TroubleError({
        what: `${change} altered nothing that could be taken back`,
        now: `see what it did: tandem show ${change}`,
      })
