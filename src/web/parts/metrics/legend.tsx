import { figuresOf, type Graph, type Line } from '../../state/metrics/series.ts'
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
              <span class="legend-value">{valueWords(line.values, place, line)}</span>
              {line.before !== null && (
                <span class="legend-before">{valueWords(line.before, place, line)}</span>
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

function valueWords(values: readonly (number | null)[], place: number | null, { unit }: Line): string {
  const value = place === null ? figuresOf(values)?.last : values[place]
  return value === undefined || value === null ? '–' : unitWords(value, unit)
}

const labelWords = ({ labels }: Line): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join('\n')
