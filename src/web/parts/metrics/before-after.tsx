import { useMemo } from 'preact/hooks'
import type { ChangeView } from '../../../api/wire/wire.ts'
import type { Entry } from '../../../change/entry.ts'
import { type Plan, stepsOf } from '../../../change/plan.ts'
import type { Api } from '../../api.ts'
import {
  type Beside,
  besideMs,
  besideOf,
  movedBy,
  type Watched,
  watchedOf,
  watchedPanel,
} from '../../state/metrics/effect.ts'
import type { Span } from '../../state/metrics/span.ts'
import { unitWords } from '../../words/metrics/unit-words.ts'
import { tookWords } from '../../words/time-words.ts'
import { useHub } from '../hub.ts'
import { Loading } from '../loading.tsx'
import { useNow } from '../now.tsx'
import { useLoaded } from '../use-loaded.ts'
import { Panels } from './panels.tsx'
import { StillDesk } from './still-desk.tsx'

type Of = Readonly<{ change: ChangeView; plan: Plan; entries: readonly Entry[] }>

/** What became of the numbers of whatever a change touched. */
export function BeforeAfter({ change, plan, entries }: Of) {
  const beganAt = entries.find(({ type }) => type === 'stage-started')?.at ?? null
  const { kind, target, does } = change
  const hosts = [...new Set(stepsOf(plan).flatMap(({ host }) => host ?? []))]
  const touched = JSON.stringify({ kind, target, hosts })
  const watched = useMemo(() => watchedOf({ kind, target, hosts }), [touched])
  if (beganAt === null || watched.length === 0 || does === 'note') return null
  return <Numbers watched={watched} beganAt={beganAt} endedAt={change.endedAt} />
}

type Timed = Readonly<{ watched: readonly Watched[]; beganAt: number; endedAt: number | null }>

function Numbers({ watched, beganAt, endedAt }: Timed) {
  // Once the time after it is over nothing here moves any more.
  const minutes = Math.ceil(useNow() / 60_000)
  const now = endedAt === null ? minutes : Math.min(minutes, Math.ceil((endedAt + besideMs) / 60_000))
  const beside = useMemo(() => besideOf(beganAt, endedAt, now * 60_000), [beganAt, endedAt, now])
  const panels = useMemo(() => watched.map(watchedPanel), [watched])
  return (
    <section aria-labelledby="before-after">
      <h2 id="before-after">Before and after</h2>
      <Compared watched={watched} beside={beside} />
      <StillDesk span={beside.whole}>
        <Panels panels={panels} />
      </StillDesk>
    </section>
  )
}

type Row = Readonly<{ watched: Watched; before: number | null; after: number | null }>

function Compared({ watched, beside }: Readonly<{ watched: readonly Watched[]; beside: Beside }>) {
  const { api } = useHub()
  const loaded = useLoaded(JSON.stringify([watched, beside]), 0, () =>
    Promise.all(
      watched.map(async (one): Promise<Row> => {
        const [before, after] = await Promise.all(
          [beside.before, beside.after].map((span) => over(api, one, span)),
        )
        return { watched: one, before: before ?? null, after: after ?? null }
      }),
    ),
  )
  const { before, after } = beside
  return (
    <Loading of={loaded}>
      {(rows) => (
        <>
          <p class="quiet">
            {tookWords(before.toMs - before.fromMs)} before it began,{' '}
            {after === null
              ? 'and after it has ended'
              : `and ${tookWords(after.toMs - after.fromMs)} after it ended`}
          </p>
          <CompareTable rows={rows.filter((row) => row.before !== null || row.after !== null)} />
        </>
      )}
    </Loading>
  )
}

/** One number over a whole span. */
async function over(api: Api, { query }: Watched, span: Span | null): Promise<number | null> {
  if (span === null) return null
  const window = `${Math.max(1, Math.round((span.toMs - span.fromMs) / 1_000))}s`
  const [found] = await api.instant(query.replaceAll('$window', window), span.toMs)
  const value = Number(found?.value ?? NaN)
  return Number.isFinite(value) ? value : null
}

function CompareTable({ rows }: Readonly<{ rows: readonly Row[] }>) {
  if (rows.length === 0) return <p>No numbers are known of what it touched.</p>
  return (
    <table class="compared">
      <thead>
        <tr>
          <th scope="col">
            <span class="unseen">number</span>
          </th>
          <th scope="col" class="number">
            before
          </th>
          <th scope="col" class="number">
            after
          </th>
          <th scope="col" class="number">
            moved
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ watched, before, after }) => (
          <tr key={watched.title}>
            <th scope="row">{watched.title}</th>
            <td class="number">{before === null ? '–' : unitWords(before, watched.unit)}</td>
            <td class="number">{after === null ? '–' : unitWords(after, watched.unit)}</td>
            <td class={`number ${toneOf(watched, before, after)}`}>{movedWords(movedBy(before, after))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** So much is seen without looking for it; less is noise. */
const notable = 0.2

function toneOf({ worse }: Watched, before: number | null, after: number | null): string {
  const moved = movedBy(before, after)
  if (worse === null || moved === null || Math.abs(moved) < notable) return ''
  return moved > 0 === (worse === 'more') ? 'tone-bad' : 'tone-good'
}

function movedWords(moved: number | null): string {
  if (moved === null) return '–'
  const words = (Math.abs(moved) * 100).toFixed(Math.abs(moved) < 0.1 ? 1 : 0)
  if (Number(words) === 0) return '0 %'
  return `${moved > 0 ? '+' : '−'}${words} %`
}
