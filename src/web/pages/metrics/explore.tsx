import { useEffect, useMemo, useState } from 'preact/hooks'
import { useHub } from '../../parts/hub.ts'
import { Link } from '../../parts/link.tsx'
import { useDesk } from '../../parts/metrics/desk.ts'
import { DeskProvider } from '../../parts/metrics/desk-provider.tsx'
import { Panel } from '../../parts/metrics/panel.tsx'
import { QueryField } from '../../parts/metrics/query-field.tsx'
import { QueryTable } from '../../parts/metrics/query-table.tsx'
import { TimeBar } from '../../parts/metrics/time-bar.tsx'
import { useQueryHistory } from '../../parts/metrics/use-query-history.ts'
import { PageHead } from '../../parts/frame/page-head.tsx'
import { usePageTitle } from '../../parts/frame/use-title.ts'
import { panel } from '../../state/metrics/panel.ts'
import { exploreAddress } from '../../state/metrics/route.ts'
import { windowOf, withSpan } from '../../state/metrics/span.ts'

type Asked = Readonly<{ query: string; as: 'graph' | 'table' }>

/** Any question about any number, as a graph with all changes marked or as a table. The link is the question. */
export function ExplorePage(asked: Asked) {
  usePageTitle('Explore')
  return (
    <article class="graph-page">
      <p class="crumb">
        <Link to="/graphs">Graphs</Link> <span aria-hidden="true">/</span> Explore
      </p>
      <PageHead title="Explore" />
      <DeskProvider>
        <Question {...asked} />
        <TimeBar />
        <Answer {...asked} />
      </DeskProvider>
    </article>
  )
}

function Question({ query, as }: Asked) {
  const { go } = useHub()
  const { span } = useDesk()
  const [text, setText] = useState(query)
  const [before, remember] = useQueryHistory()
  useEffect(() => setText(query), [query])
  const ask = (wanted: string, how: 'graph' | 'table') => {
    const asked = wanted.trim()
    if (asked !== '') remember(asked)
    go(withSpan(exploreAddress(asked, how), span), 'replace')
  }
  return (
    <form
      class="question"
      onSubmit={(event) => {
        event.preventDefault()
        ask(text, as)
      }}
    >
      <QueryField asked={query} text={text} onChange={setText} onRun={() => ask(text, as)} />
      <div class="question-buttons">
        <button type="submit" class="primary">
          Ask
        </button>
        <div class="joined" role="group" aria-label="shown as">
          {(['graph', 'table'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={as === one} onClick={() => ask(text, one)}>
              {one}
            </button>
          ))}
        </div>
        <Before queries={before} onPick={(picked) => ask(picked, as)} />
      </div>
    </form>
  )
}

type Kept = Readonly<{ queries: readonly string[]; onPick: (query: string) => void }>

/** What was asked before in this browser. */
function Before({ queries, onPick }: Kept) {
  if (queries.length === 0) return null
  return (
    <details class="asked-before">
      <summary>Asked before</summary>
      <ul>
        {queries.map((query) => (
          <li key={query}>
            <button type="button" class="plain" onClick={() => onPick(query)}>
              <code>{query}</code>
            </button>
          </li>
        ))}
      </ul>
    </details>
  )
}

function Answer({ query, as }: Asked) {
  const { stepMs } = useDesk()
  const asked = query.replaceAll('$window', windowOf(stepMs))
  const drawn = useMemo(() => panel(query, 'number', query), [query])
  if (query === '')
    return (
      <p class="quiet">
        Write a query; Enter asks it, Ctrl-Space shows what fits, Shift-Enter begins a line.
      </p>
    )
  return as === 'graph' ? <Panel panel={drawn} /> : <QueryTable query={asked} />
}
