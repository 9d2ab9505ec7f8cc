import type { Json } from '../../change/json.ts'
import type { Plan } from '../../change/plan.ts'
import type { Outcome } from '../outcome.ts'
import type { Wish } from '../wish.ts'

/** Drift that is only written down, so that it stands in the ledger and on the graphs like every other change. */
export function planNote({ drift }: Extract<Wish, { do: 'note' }>): Plan {
  const outcome: Outcome = { do: 'note' }
  const first = drift[0]?.resources[0]?.resource ?? 'nothing'
  const more = drift.reduce((sum, { resources }) => sum + resources.length, -1)
  return {
    title: `drift on ${drift.map(({ host }) => host).join(', ')}: ${first}${more > 0 ? ` and ${more} more` : ''}`,
    lines: drift.flatMap(({ host, resources }) =>
      resources.flatMap(({ resource, evidence }) => [
        { mark: '~' as const, text: `${host}  ${resource}` },
        ...evidence.map((line) => ({ mark: ' ' as const, text: `    ${line}` })),
      ]),
    ),
    warnings: ['it was found, not made: `tandem apply --drift` puts the hosts right'],
    stages: [],
    settle: [],
    fenced: [],
    outcome: outcome as unknown as Json,
  }
}
