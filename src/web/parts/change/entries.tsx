import type { Entry } from '../../../change/entry.ts'
import { happeningWords } from '../../words/happening-words.ts'
import { clockWords, exactWords } from '../../words/time-words.ts'

/** The ledger's own entries of a change, folded: for who wants to know exactly. */
export function Entries({ entries }: Readonly<{ entries: readonly Entry[] }>) {
  return (
    <details class="entries">
      <summary>
        Ledger <span class="quiet">{entries.length} entries</span>
      </summary>
      <ol>
        {entries.map((entry) => (
          <li key={entry.seq}>
            <span class="entry-seq">{entry.seq}</span>
            <time dateTime={new Date(entry.at).toISOString()} title={exactWords(entry.at)}>
              {clockWords(entry.at)}
            </time>
            <span class="entry-words">{happeningWords(entry)}</span>
            <code class="entry-hash" title={entry.hash}>
              {entry.hash.slice(0, 8)}
            </code>
          </li>
        ))}
      </ol>
    </details>
  )
}
