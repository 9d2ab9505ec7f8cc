import type { Change } from '../change/change.ts'
import type { Plan } from '../change/plan.ts'
import type { Store } from '../store/store.ts'
import type { Op } from './plan/op.ts'

/** What a change of the infrastructure is about: the outcome of its plan. */
export type Outcome = Readonly<
  | {
      do: 'recipes'
      hosts: readonly string[]
      /** The commit whose recipes they are; null, or left out by older changes = those that lay in the hub's folder. */
      commit?: string | null
      /** What changes where, for people: a line for each group of hosts with the same. */
      summary: readonly string[]
      /** Host to thing to digest of what it is after the change: what drift is measured against. */
      applied: Readonly<Record<string, Readonly<Record<string, string>>>>
      /** Host to resource to digest of what was seen and what will be: a plan that was saved is compared by it. */
      digests: Readonly<Record<string, Readonly<Record<string, string>>>>
    }
  | {
      do: 'undo'
      hosts: readonly string[]
      summary: readonly string[]
      change: string
      /** Host to the keys of things that are no longer as they were applied. */
      takenBack: Readonly<Record<string, readonly string[]>>
    }
  | { do: 'run'; hosts: readonly string[] }
  | { do: 'note' }
>

export const outcomeOf = (plan: Plan): Outcome => plan.outcome as unknown as Outcome

/** What a step does on its host. `more`: some can only be planned when these are done. */
export type StepInput = Readonly<{ ops: readonly Op[]; more: boolean }>

export const inputOf = (input: unknown): StepInput => input as StepInput

/** Operations that were planned in the middle of a change, when the ones before them were done. */
const laterRoom = 'infra later ops'

export const laterKey = (change: string, host: string): string => `${change} ${host}`

export async function laterOps(store: Store, change: string, host: string): Promise<readonly Op[]> {
  const kept = await store.records.get(laterRoom, laterKey(change, host))
  return kept === undefined ? [] : (kept as readonly Op[])
}

export const keepLaterOps = (store: Store, change: string, host: string, ops: readonly Op[]): Promise<void> =>
  store.records.put(laterRoom, laterKey(change, host), ops)

/** Everything that a finished change did on each host, in order. */
export async function opsOf(store: Store, change: Change): Promise<ReadonlyMap<string, readonly Op[]>> {
  const steps = (change.plan?.stages ?? []).flatMap((stage) => stage.steps)
  const found = steps.flatMap((step) =>
    step.action === 'apply' && step.host !== null ? [[step.host, inputOf(step.input).ops] as const] : [],
  )
  return new Map(
    await Promise.all(
      found.map(
        async ([host, ops]) => [host, [...ops, ...(await laterOps(store, change.id, host))]] as const,
      ),
    ),
  )
}
