import type { Door, Order } from '../../change/order.ts'
import type { Plan } from '../../change/plan.ts'
import type { Trouble } from '../../change/trouble.ts'
import type { PlayLedger } from './ledger.ts'
import { driftNote, planWished, runPlan } from './plan-apply.ts'
import { makePlayDrift } from './drift.ts'
import { apps, planOf, type PlayApp } from './plan-of.ts'
import { play } from './play.ts'

const people = ['ada', 'grace', 'linus', 'margaret', 'dennis'] as const
const doors: readonly Door[] = ['cli', 'web', 'chat', 'git', 'cli']
const reasons = [
  'the basket forgets items when the session expires',
  'new checkout button, behind checkout.new-button',
  'security fix of the image library',
  'search results load twice on slow phones',
  'raise the worker count for the weekend',
] as const

const locked: Trouble = {
  what: 'the ref release/9 is in no branch or tag of shop',
  where: 'tandem.ts:14, app shop',
  now: 'look at `git branch -r`; `release/8` is the nearest name',
}

const minute = 60_000

/** Fills the ledger with three weeks of an ordinary team. */
export async function record(ledger: PlayLedger, count: number, now: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    // Older changes lie further apart, the newest some minutes ago.
    const age = (count - index) ** 2 * 11 * minute
    await recordOne(ledger, index, now - age)
  }
}

export const commitOf = (index: number): string =>
  ((index * 7_919_131 + 0x3f2a1c9) % 0xfffffff).toString(16).padStart(7, '3')

async function recordOne(ledger: PlayLedger, index: number, at: number): Promise<void> {
  let time = at
  const beat = () => Promise.resolve((time += 340 + ((index * 37) % 500)))
  const infra = infraAt(index)
  if (infra !== null) {
    const id = ledger.order(infra.order, time)
    return play({ ...quiet, ledger, id, plan: infra.plan, beat })
  }
  const app = apps[index % 5 === 3 ? 1 : index % 4 === 1 ? 2 : 0] as PlayApp
  const isRevert = index % 12 === 8
  const plan = planOf(app, commitOf(index - 1), commitOf(isRevert ? index - 2 : index))
  const reverts = isRevert ? lastDone(ledger, `${app.app}@${app.environment}`) : null
  const id = ledger.order(orderOf(app, index, reverts), time)
  if (index % 17 === 6) return ledger.add(id, { type: 'refused', trouble: locked }, await beat())
  if (index % 19 === 11)
    return ledger.add(id, { type: 'withdrawn', who: 'grace', why: 'wrong branch' }, await beat())
  const breaksAt = index % 9 === 4 && reverts === null ? `start ${app.hosts.at(-1)}` : null
  const title =
    reverts === null ? plan.title : `bring back ${app.app} ${commitOf(index - 2)} to ${app.environment}`
  await play({
    ...quiet,
    ledger,
    id,
    plan: { ...plan, title },
    beat,
    breaksAt,
  })
}

/** Nobody stops what lies in the past. */
const quiet = {
  isStopped: () => false,
  mayBegin: () => Promise.resolve(),
  breaksAt: null,
  switched: () => {},
} as const

type Infra = Readonly<{ order: Order; plan: Plan }>

/** Now and then the hosts are changed, somebody runs a command on them, or drift is found. */
function infraAt(index: number): Infra | null {
  const order = { kind: 'apply', target: 'infra', wish: { do: 'recipes' }, reverts: null } as const
  const who = people[(index * 3) % people.length] ?? 'ada'
  if (index % 10 === 7) {
    const on = index % 20 === 7 ? ['web'] : ['web', 'index', 'postgres']
    const plan = planWished(makePlayDrift(0), { kind: 'apply', wish: { on }, why: '' })
    return { plan, order: { ...order, who, door: 'cli', why: 'certificates renew by themselves' } }
  }
  if (index % 17 === 12)
    return {
      plan: runPlan,
      order: {
        ...order,
        wish: { do: 'run' },
        target: `run-${index}f3a`,
        who,
        door: 'cli',
        why: 'is it the load?',
      },
    }
  if (index % 23 === 20)
    return {
      plan: driftNote,
      order: {
        ...order,
        wish: { do: 'note' },
        who: 'tandem',
        door: 'clock',
        why: 'a look at the hosts beside their recipes',
      },
    }
  return null
}

const lastDone = (ledger: PlayLedger, target: string): string | null =>
  ledger.views().find((change) => change.target === target && change.status === 'done')?.id ?? null

function orderOf(app: PlayApp, index: number, reverts: string | null): Order {
  return {
    kind: 'deploy',
    target: `${app.app}@${app.environment}`,
    wish: null,
    who: people[index % people.length] ?? 'ada',
    door: reverts === null ? (doors[index % 5] ?? 'cli') : 'chat',
    why: reverts === null ? (reasons[(index * 3) % reasons.length] ?? '') : 'orders fail at the last step',
    reverts,
  }
}
