import { historyDepth } from '../../state/host-history.ts'
import { ChangeRow } from '../change/change-row.tsx'
import { useHostHistory } from './use-host-history.ts'

/** The changes that touched a host, newest first. */
export function HostHistory({ name }: Readonly<{ name: string }>) {
  const changes = useHostHistory(name)
  return (
    <section aria-labelledby="history" aria-busy={changes === null}>
      <h2 id="history">Changes</h2>
      {changes === null && <p class="quiet">Looking through the ledger …</p>}
      {changes?.length === 0 && (
        <p class="quiet">
          None of the newest {historyDepth} changes touched {name}.
        </p>
      )}
      {changes !== null && changes.length > 0 && (
        <ol class="rows">
          {changes.map((change) => (
            <ChangeRow key={change.id} change={change} />
          ))}
        </ol>
      )}
    </section>
  )
}
