import { useMemo } from 'preact/hooks'
import { type Graph, type Line } from '../../state/metrics/series.ts'
import { momentWords } from '../../words/metrics/span-words.ts'
import { unitWords } from '../../words/metrics/unit-words.ts'

type Shown = Readonly<{
  graph: Graph
  /** Where the cursor is among the times; null: the last numbers are shown. */
  place: number | null
  hidden: ReadonlySet<number>
  onTurn: (line: number) => void
}>

const inks = 10

/** What each line is and says: at the cursor, else last. A press hides a line or brings it back. */
export function Legend({ graph, place, hidden, onTurn }: Shown) {
  const at = place === null ? null : graph.times[place]
  const hasBefore = graph.lines.some(({ before }) => before !== null)
  const last = useMemo(
    () => graph.lines.map(({ values, before }) => ({ now: lastOf(values), before: lastOf(before ?? []) })),
    [graph],
  )
  const valueOf = (values: Line['values'], newest: number | null | undefined) =>
    place === null ? newest : values[place]
  return (
    <div class="legend">
      <p class="legend-time quiet">
        {at === null || at === undefined ? 'last' : momentWords(at)}
        {hasBefore && <span> · pale: the same time last week</span>}
      </p>
      <ul>
        {graph.lines.map((line, nth) => (
          <li key={nth}>
            <button
              type="button"
              class={`legend-line series-${(nth % inks) + 1}`}
              aria-pressed={!hidden.has(nth)}
              title={labelWords(line)}
              onClick={() => onTurn(nth)}
            >
              <span class={line.axis === 'right' ? 'swatch right' : 'swatch'} aria-hidden="true" />
              <span class="legend-name">{line.name}</span>
              <span class="legend-value">{valueWords(valueOf(line.values, last[nth]?.now), line)}</span>
              {line.before !== null && (
                <span class="legend-before">{valueWords(valueOf(line.before, last[nth]?.before), line)}</span>
              )}
            </button>
          </li>
        ))}
      </ul>
      {graph.leftOut > 0 && (
        <p class="quiet">{graph.leftOut} more series are not drawn: ask for fewer, or for their sum.</p>
      )}
    </div>
  )
}

const lastOf = (values: Line['values']): number | null => values.findLast((value) => value !== null) ?? null

const valueWords = (value: number | null | undefined, { unit }: Line): string =>
  value === undefined || value === null ? '–' : unitWords(value, unit)

const labelWords = ({ labels }: Line): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join('\n')
