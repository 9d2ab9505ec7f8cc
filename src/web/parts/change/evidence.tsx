import type { Verdict } from '../../../change/entry.ts'
import type { Plan } from '../../../change/plan.ts'
import type { Entry } from '../../../change/entry.ts'
import { stagesOf } from '../../state/stages.ts'
import { When } from '../when.tsx'

const tones: Readonly<Record<Verdict, string>> = { healthy: 'good', harmful: 'bad', 'no data': 'care' }

/** What the guard saw after each watched stage, and what it concluded. */
export function Evidence({ plan, entries }: Readonly<{ plan: Plan; entries: readonly Entry[] }>) {
  const watched = stagesOf(plan, entries).flatMap((stage) => stage.watched.map((seen) => ({ stage, seen })))
  if (watched.length === 0) return null
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence">What the guard saw</h2>
      <ul class="evidence">
        {watched.map(({ stage, seen }) => (
          <li key={`${stage.name} ${seen.at}`}>
            <p>
              <span class={`verdict tone-${tones[seen.verdict]}`}>{seen.verdict}</span> after {stage.name},{' '}
              <When at={seen.at} />
            </p>
            <ul class="evidence-lines">
              {seen.evidence.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  )
}
