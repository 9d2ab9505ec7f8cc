import type { InstantSeries } from '../../metrics-api.ts'
import { momentWords } from '../../words/metrics/span-words.ts'
import { useHub } from '../hub.ts'
import { Loading } from '../loading.tsx'
import { useLoaded } from '../use-loaded.ts'
import { useDesk } from './desk.ts'

/** More rows are read by nobody. */
const rowsLimit = 500

/** What a query comes to at the end of the time shown. */
export function QueryTable({ query }: Readonly<{ query: string }>) {
  const { api } = useHub()
  const { span } = useDesk()
  const loaded = useLoaded(query, span.toMs, () => api.instant(query, span.toMs))
  return (
    <Loading of={loaded}>
      {(series) => (
        <section aria-label="table" class="query-table">
          <p class="quiet">
            {series.length} series at {momentWords(span.toMs)}
            {series.length > rowsLimit && `, the first ${rowsLimit} shown`}
          </p>
          <div class="scrolls">
            <Rows series={series.slice(0, rowsLimit)} />
          </div>
        </section>
      )}
    </Loading>
  )
}

function Rows({ series }: Readonly<{ series: readonly InstantSeries[] }>) {
  const names = [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))].toSorted()
  if (series.length === 0) return <p>No series fits.</p>
  return (
    <table>
      <thead>
        <tr>
          {names.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
          <th scope="col" class="number">
            value
          </th>
        </tr>
      </thead>
      <tbody>
        {series.map(({ labels, value }) => (
          <tr key={JSON.stringify(labels)}>
            {names.map((name) => (
              <td key={name}>{labels[name] ?? ''}</td>
            ))}
            <td class="number">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
