import { useState } from 'preact/hooks'
import type { HostView } from '../../../api/wire/wire.ts'
import { healthOf } from '../../state/host-health.ts'
import { ApplyDialog } from './apply-dialog.tsx'
import { HealthNote } from './health-note.tsx'
import { HostTags } from './host-tags.tsx'
import { useModel } from '../hub.ts'
import { ChangeLink, Link } from '../link.tsx'
import { When } from '../when.tsx'

/** Hosts below each other: what they are for, how they stand, and who changed them last. */
export function HostTable({ hosts }: Readonly<{ hosts: readonly HostView[] }>) {
  return (
    <table class="stacking host-table">
      <caption class="unseen">hosts</caption>
      <thead>
        <tr>
          <th scope="col">Host</th>
          <th scope="col">Address</th>
          <th scope="col">Roles, groups</th>
          <th scope="col">State</th>
          <th scope="col">Last change</th>
        </tr>
      </thead>
      <tbody>
        {hosts.map((host) => (
          <tr key={host.host}>
            <th scope="row">
              <Link to={`/hosts/${host.host}`}>{host.host}</Link>
            </th>
            <td data-label="Address">
              <code>{host.address}</code>
            </td>
            <td data-label="Roles, groups">
              <HostTags host={host} />
            </td>
            <td data-label="State">
              <div class="host-state">
                <HealthNote host={host} />
                <MendButton host={host} />
              </div>
            </td>
            <td data-label="Last change">
              <LastChange host={host} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function LastChange({ host: { applied } }: Readonly<{ host: HostView }>) {
  if (applied === null) return <span class="quiet">none yet</span>
  return (
    <span class="last-change">
      <ChangeLink id={applied.change} /> {applied.who}{' '}
      <span class="quiet">
        <When at={applied.at} />
      </span>
    </span>
  )
}

/** Puts right what has drifted, after having shown how. Only where something has, and for who may. */
export function MendButton({ host }: Readonly<{ host: HostView }>) {
  const [isAsking, ask] = useState(false)
  const isOffered = useModel(({ status, me, drift }) => {
    const found = drift.get(host.host)
    const isNewest = found !== undefined && found.at === host.drift?.at
    // What only the recipe has moved is no drift: an apply brings it.
    if (isNewest && found.findings.every(({ cause }) => cause === 'recipe moved')) return false
    return me?.may === 'everything' && healthOf(host, status?.hub.recipes ?? []).type === 'differs'
  })
  if (!isOffered && !isAsking) return null
  return (
    <>
      <button type="button" aria-label={`Mend ${host.host}`} onClick={() => ask(true)}>
        Mend
      </button>
      {isAsking && <ApplyDialog on={[host.host]} name={host.host} drift onClose={() => ask(false)} />}
    </>
  )
}
