/** For tests that need some order, plan, trouble or change and no particular one. */
import type { Entry, Happening } from './entry.ts'
import type { ChangeId, Order } from './order.ts'
import type { Plan, Step } from './plan.ts'
import type { Trouble } from './trouble.ts'

export const sampleOrder: Order = {
  kind: 'deploy',
  target: 'shop@production',
  wish: {},
  who: 'ada',
  door: 'cli',
  why: 'ship it',
  reverts: null,
}

export const sampleTrouble: Trouble = { what: 'web2 did not become healthy', now: 'look at its log' }

/** A plan that does nothing. */
export const emptyPlan: Plan = {
  title: 'nothing',
  lines: [],
  warnings: [],
  stages: [],
  settle: [],
  fenced: [],
  outcome: null,
}

/** Two stages, a host each. */
export const samplePlan: Plan = {
  ...emptyPlan,
  title: 'shop 3f2a1c9 to production',
  lines: [{ mark: '~', text: 'release 1b0c77e -> 3f2a1c9' }],
  stages: [
    { name: 'canary', steps: [switchOf('web1')], atOnce: 1, watch: { forMs: 10_000 } },
    { name: 'rest', steps: [switchOf('web2')], atOnce: 4, watch: null },
  ],
  outcome: {},
}

function switchOf(host: string): Step {
  return { id: `switch ${host}`, action: 'switch', host, input: {}, cannotUndo: null }
}

/** The entries of one change to which this happened, a second after the other. Their hashes are left out. */
export function sampleEntries(
  happenings: readonly Happening[],
  { change = 'c1', from = 0 }: Readonly<{ change?: ChangeId; from?: number }> = {},
): readonly Entry[] {
  return happenings.map((happening, nth) => ({
    ...happening,
    seq: nth + 1,
    change,
    at: from + nth * 1_000,
    prev: '',
    hash: '',
  }))
}
