import type { Happening } from '../../change/entry.ts'
import type { Occurrence } from '../../change/occurrence.ts'
import type { Order } from '../../change/order.ts'
import { emptyPlan, sampleOrder } from '../../change/samples.ts'
import type { Holder } from '../store.ts'

/** Noon of some day: cases count from here. */
export const noon = 1_800_000_000_000

/** A process of a machine that the store cannot look at, so that only its beat tells whether it lives. */
export const elsewhere = (pid: number): Holder => ({ pid, started: 7, boot: 'another machine', kind: 'cli' })

export const orderOf = (target: string, reverts: string | null = null): Order => ({
  ...sampleOrder,
  target,
  reverts,
})

export const note = (text: string): Happening => ({ type: 'note', text })

/** All that happens to a change that goes well. */
export const wholeLife: readonly Happening[] = [
  { type: 'leased', token: 1 },
  { type: 'planned', plan: emptyPlan },
  { type: 'decided', to: 'finish', why: 'every stage is done' },
  { type: 'finished' },
]

export const pushed = (to: string): Occurrence => ({
  type: 'pushed',
  ref: 'refs/heads/main',
  from: null,
  to,
  who: 'ada',
  door: 'git',
  subject: 'the new basket',
})

export const withdrawn: Happening = { type: 'withdrawn', who: 'ada', why: 'not today' }
