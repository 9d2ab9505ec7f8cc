import type { Entry } from '../change/entry.ts'
import type { ChangeId, Order } from '../change/order.ts'
import { type Plan, stepsOf } from '../change/plan.ts'
import { statusOf } from '../change/status.ts'
import { type Trouble, TroubleError, troubleOf } from '../change/trouble.ts'
import { planOf } from '../change/undo.ts'
import { type Lease, LeaseLostError } from '../store/store.ts'
import { fence, fences, lift } from './fence.ts'
import { announce, type Job, kindOf, withJob } from './job.ts'
import { waitForTurn } from './line.ts'
import { type Pen, penOf } from './pen.ts'
import { settleAll, undoAll } from './put-back.ts'
import { type Hands, LeftOpenError, runStages } from './stages.ts'
import type { World } from './world.ts'

const gone = 'the process that ran it is gone'

/** The life of a change from its place in the line to its end. The only loop of its kind. */
export async function drive(world: World, change: ChangeId, order: Order, hands: Hands): Promise<void> {
  const lease = await waitForTurn(world, change, AbortSignal.any([hands.stop, hands.letGo]))
  if (lease === 'gone' || (lease === 'stopped' && !hands.stop.aborted)) return
  if (lease === 'stopped')
    return withdraw(world, change, String(hands.stop.reason), 'stopped while it waited')
  await underLease(world, lease, async (pen) => {
    await pen.write({ type: 'leased', token: lease.token })
    await planAndRun(world, pen, order, hands)
  })
}

/**
 * Takes up a change that another process left open: a decided one is finished. Any other is undone, unless its kind goes
 * on and this is a hub, which will be there as long as it takes.
 */
export async function takeUp(world: World, lease: Lease, hands: Hands): Promise<void> {
  const entries = await world.store.ledger.of(lease.change)
  const order = entries[0]?.type === 'ordered' ? entries[0].order : null
  if (order === null) throw new Error(`${lease.change} does not begin with its order`)
  const status = statusOf(entries)
  const plan = planOf(entries)
  const isHub = world.holder.kind === 'hub'
  await underLease(world, lease, async (pen) => {
    await pen.write({ type: 'resumed', why: gone }, { type: 'leased', token: lease.token })
    if (plan === null) return isHub ? planAndRun(world, pen, order, hands) : giveUp(pen, order)
    await withJob({ world, pen, order, plan }, async (job) => {
      if (status === 'settling') return finish(job)
      if (status === 'running' && isHub && goesOnLater(world, order, entries))
        return runAndEnd(job, hands, entries)
      if (status === 'running') await pen.write({ type: 'decided', to: 'undo', why: gone })
      return putBack(job, { what: `interrupted: ${gone}`, now: 'order it again' })
    })
  })
}

/** Whether a hub may go on with a change that runs: nobody has stopped it, and none of its steps has failed. */
export function goesOnLater(world: World, order: Order, entries: readonly Entry[]): boolean {
  const isEnding = entries.some(({ type }) => type === 'stop-asked' || type === 'step-failed')
  return kindOf(world, order.kind).goesOn === true && !isEnding
}

/** Ends a change that never held its lease. */
export async function withdraw(world: World, change: ChangeId, who: string, why: string): Promise<void> {
  await world.store.ledger.append(change, [{ type: 'withdrawn', who, why }], world.now(), null)
  await world.store.leases.release(change)
}

/** A command that runs by itself does not begin what the command of somebody else had only planned. */
function giveUp(pen: Pen, order: Order): Promise<void> {
  return pen.write({
    type: 'withdrawn',
    who: order.who,
    why: 'the command that ordered it died before anything was touched',
  })
}

/**
 * Works with a pen and gives the lease back at the end. A lease that is lost by now ends the work without a word; one that
 * is left to the next process stays with the change.
 */
async function underLease(world: World, lease: Lease, work: (pen: Pen) => Promise<void>): Promise<void> {
  try {
    await work(penOf(world, lease))
  } catch (thrown) {
    if (thrown instanceof LeaseLostError || thrown instanceof LeftOpenError) return
    throw thrown
  }
  await world.store.leases.release(lease.change)
}

async function planAndRun(world: World, pen: Pen, order: Order, hands: Hands): Promise<void> {
  const plan = await planned(world, pen, order, hands.stop)
  if (plan === null) return
  for (const host of plan.fenced)
    await fence(world, pen, host, 'it could not be reached when the change was planned')
  await announce(
    { world, pen },
    `${order.who} has begun: ${plan.title}${order.why === '' ? '' : ` (${order.why})`}`,
  )
  await withJob({ world, pen, order, plan }, (job) => runAndEnd(job, hands, []))
}

async function planned(world: World, pen: Pen, order: Order, stop: AbortSignal): Promise<Plan | null> {
  try {
    const plan = await kindOf(world, order.kind).plan({
      change: pen.change,
      order,
      say: pen.say,
      signal: stop,
    })
    if (stop.aborted)
      throw new TroubleError({ what: `stopped by ${String(stop.reason)}`, now: 'nothing was changed' })
    await pen.write({ type: 'planned', plan })
    return plan
  } catch (thrown) {
    if (thrown instanceof LeaseLostError) throw thrown
    const trouble = troubleOf(thrown)
    await pen.write({ type: 'refused', trouble })
    await announce(
      { world, pen },
      `${order.kind} ${order.target} by ${order.who} was refused: ${trouble.what}`,
    )
    return null
  }
}

async function runAndEnd(job: Job, hands: Hands, before: readonly Entry[]): Promise<void> {
  const { world, pen, order, plan, runner } = job
  const goesOn = kindOf(world, order.kind).goesOn === true
  try {
    await runStages({ pen, plan, runner, before, goesOn }, hands)
  } catch (thrown) {
    if (thrown instanceof LeaseLostError || thrown instanceof LeftOpenError) throw thrown
    const trouble = troubleOf(thrown)
    await pen.write({ type: 'decided', to: 'undo', why: trouble.what })
    return putBack(job, trouble)
  }
  await pen.write({ type: 'decided', to: 'finish', why: 'every stage is done' })
  return finish(job)
}

async function finish(job: Job): Promise<void> {
  const { world, pen, plan } = job
  await settleAll(job, await world.store.ledger.of(pen.change))
  await pen.write({ type: 'finished' })
  await liftFences(job)
  await announce(job, `done: ${plan.title}`)
}

/** A change that ran on a host which an earlier one had left behind has healed it. */
async function liftFences({ world, pen, plan }: Job): Promise<void> {
  const reached = new Set(stepsOf(plan).map((step) => step.host))
  for (const fence of await fences(world)) {
    const { target, host, change } = fence
    if (target === pen.lease.target && change !== pen.change && reached.has(host))
      await lift(world, fence, pen.change)
  }
}

async function putBack(job: Job, cause: Trouble): Promise<void> {
  const { world, pen, plan } = job
  const stuck = await undoAll(job, await world.store.ledger.of(pen.change))
  const worst = stuck[0]
  if (worst === undefined) {
    await pen.write({ type: 'undone', trouble: cause })
    return announce(job, `undone: ${plan.title}: ${cause.what}`)
  }
  await pen.write({
    type: 'stuck',
    trouble: { ...worst, what: `${cause.what}; and putting it back failed: ${worst.what}` },
  })
  return announce(job, `needs a person: ${plan.title}: ${worst.what}`)
}
