import type { Json } from '../../change/json.ts'
import type { Step } from '../../change/plan.ts'
import { TroubleError } from '../../change/trouble.ts'
import type { HostAddress } from '../../remote/remote.ts'
import type { Talk } from '../../remote/talk.ts'
import { programOf } from '../host/program.ts'
import { hostAddress } from '../../config/find.ts'
import { inputOf, keepLaterOps } from '../outcome.ts'
import type { Op } from '../plan/op.ts'
import { type HostPlan, planHost } from '../plan/plan-host.ts'
import { wantsOf } from '../plan/wants.ts'
import { onlyDrift } from '../orders/only-drift.ts'
import { digestWith, refuseTroubles, type Stash } from '../orders/plan-recipes.ts'
import { type Bench, hostOf } from './bench.ts'
import { sendTo } from './send.ts'
import { noSecrets, seenOf } from '../look/sights.ts'

/** What packages bring may ask for what others bring; a recipe that needs more rounds never comes to rest. */
const mostRounds = 4

type Stashed = NonNullable<ReturnType<Stash['get']>>
type Travelling = Pick<HostPlan, 'bytes' | 'passwords'>

const nothingTravels: Travelling = { bytes: new Map(), passwords: new Map() }

/** Carries out the operations of one host, and those that can only be planned when the first ones are done. */
export async function applyOn(bench: Bench, step: Step, signal: AbortSignal): Promise<Json> {
  const { world, work, stash, config } = bench
  const host = hostAddress(world, config, hostOf(step))
  const stashed = stash.get(`${work.change} ${host.name}`)
  const { ops, more } = inputOf(step.input)
  const reveal = stashed?.sight.reveal ?? noSecrets
  await carryOut(bench, step, { host, ops, travelling: stashed?.plan ?? nothingTravels, reveal, signal })
  const later = more && stashed !== undefined ? await laterRounds(bench, step, { host, stashed, signal }) : []
  return { ops: ops.length + later.length }
}

type Carrying = Readonly<{
  host: HostAddress
  ops: readonly Op[]
  travelling: Travelling
  reveal: (text: string) => string
  signal: AbortSignal
}>

async function carryOut(bench: Bench, step: Step, carrying: Carrying): Promise<void> {
  const { host, ops, travelling, reveal, signal } = carrying
  const { scripts } = bench.world
  const { change } = bench.work
  const { bytes, passwords } = travelling
  const talking = sendTo(bench, step, host, (mark) =>
    programOf(ops, { scripts, bytes, passwords, reveal, mark, change }),
  )
  const stop = (): void => void whenIdle(talking).then(talking.kill)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  try {
    await talking.end()
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

const idleLimitMs = 120_000
const lookAgainMs = 50

/** A transaction of packages that is killed in the middle has to be repaired: it has its time to end. */
async function whenIdle({ told, isOver }: Talk): Promise<void> {
  const count = (word: string): number => told.filter((line) => line === word).length
  const began = Date.now()
  while (!isOver() && count('busy') > count('idle') && Date.now() - began < idleLimitMs)
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
}

type Later = Readonly<{ host: HostAddress; stashed: Stashed; signal: AbortSignal }>

/** Looks again and plans what was put off, until nothing is left. It is written down before it is done. */
async function laterRounds(
  bench: Bench,
  step: Step,
  { host, stashed, signal }: Later,
): Promise<readonly Op[]> {
  const { world, work, config } = bench
  const { reveal, lowered } = stashed.sight
  const digestOf = digestWith(await world.settingsKey())
  const first = inputOf(step.input).ops.length
  let later: readonly Op[] = []
  for (let round = 1; round < mostRounds; round++) {
    const seen = await seenOf({ world, config, reveal }, host.name, wantsOf(lowered))
    if (!('facts' in seen))
      throw new TroubleError({
        what: seen.why,
        host: host.name,
        lost: true,
        now: 'it is healed when it returns',
      })
    // Numbers name what the host keeps for an undo, so those of the first round are not used twice.
    const firstNumber = first + later.length + 1
    const input = { host: host.name, lowered, seen, digestOf, firstNumber }
    const { last } = stashed
    const plan = planHost(last === null ? input : { ...input, lowered: onlyDrift(input, last) })
    refuseTroubles([plan])
    if (plan.ops.length === 0) return later
    later = [...later, ...plan.ops]
    await keepLaterOps(world.store, work.change, host.name, later)
    await carryOut(bench, step, { host, ops: plan.ops, travelling: plan, reveal, signal })
    if (plan.deferred.length === 0) return later
  }
  throw new TroubleError({
    what: `the recipe of ${host.name} comes to no rest: each round brings more to do`,
    host: host.name,
    now: 'look which resources it names in turn, and state them in the order in which they are needed',
  })
}
