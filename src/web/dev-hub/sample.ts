import type { ChangeView, HostView } from '../../api/wire/wire.ts'
import type { Entry, Happening } from '../../change/entry.ts'
import type { Plan, Step } from '../../change/plan.ts'
import type { LogLine } from '../../store/store.ts'

/** Small made-up changes, entries, plans and lines for tests. */

export const aChange = (wish: Partial<ChangeView> = {}): ChangeView => ({
  id: 'c1',
  kind: 'deploy',
  does: null,
  target: 'shop@production',
  title: 'deploy shop 3f2a1c9 to production',
  who: 'ada',
  door: 'cli',
  why: 'the basket forgets items',
  status: 'running',
  orderedAt: 1_000,
  endedAt: null,
  reverts: null,
  revertedBy: null,
  fenced: [],
  trouble: null,
  stage: null,
  steps: { done: 0, total: 4 },
  ...wish,
})

export const aHost = (wish: Partial<HostView> = {}): HostView => ({
  host: 'web1',
  address: 'root@10.0.0.1',
  roles: ['web'],
  groups: [],
  fenced: null,
  drift: null,
  applied: null,
  ...wish,
})

export const anEntry = (seq: number, happening: Happening, change = 'c1'): Entry => ({
  ...happening,
  seq,
  change,
  at: seq * 1_000,
  prev: '',
  hash: `hash${seq}`,
})

export const aLine = (seq: number, change = 'c1'): LogLine => ({
  seq,
  change,
  at: seq,
  step: 'switch h1',
  host: 'h1',
  text: `line ${seq}`,
})

const aStep = (id: string, host: string): Step => ({ id, action: 'do', host, input: null, cannotUndo: null })

/** Two stages, the first one watched, and one settling step. */
export const aPlan: Plan = {
  title: 'deploy shop 3f2a1c9 to production',
  lines: [],
  warnings: [],
  stages: [
    { name: 'canary', steps: [aStep('switch h1', 'h1')], atOnce: 1, watch: { forMs: 30_000 } },
    { name: 'rest', steps: [aStep('switch h2', 'h2'), aStep('switch h3', 'h3')], atOnce: 2, watch: null },
  ],
  settle: [aStep('confirm h1', 'h1')],
  fenced: [],
  outcome: null,
}
