import { randomBytes } from 'node:crypto'
import type { Step } from '../../change/plan.ts'
import type { TeamConfig } from '../../config/config.ts'
import type { Work } from '../../pipeline/kind.ts'
import type { InfraWorld } from '../infra-world.ts'
import type { Stash } from '../orders/plan-recipes.ts'

/** One change of the infrastructure on the bench: what all its steps share. */
export type Bench = Readonly<{ world: InfraWorld; work: Work; stash: Stash; config: TeamConfig }>

export const hostOf = (step: Step): string => {
  if (step.host === null) throw new Error(`${step.id} has no host`)
  return step.host
}

/** Names one program of a step on its host. */
export const programId = (bench: Bench, step: Step): string =>
  `${bench.work.change}-${step.action.replaceAll(' ', '-')}-${randomBytes(5).toString('hex')}`
