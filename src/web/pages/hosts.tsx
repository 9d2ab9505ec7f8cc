import type { HostView } from '../../api/wire.ts'
import { FencedNote } from '../parts/fenced-note.tsx'
import { useModel } from '../parts/hub.ts'
import { PageHead } from '../parts/page-head.tsx'
import { usePageTitle } from '../parts/use-title.ts'

/** Every host the team runs things on. */
export function HostsPage() {
  const hosts = useModel((model) => model.status?.hosts ?? null)
  usePageTitle('Hosts')
  return (
    <>
      <PageHead title="Hosts" />
      {hosts?.length === 0 && (
        <div class="nothing">
          <p>There are no hosts yet.</p>
          <p class="quiet">
            Hosts and their roles are written in <code>tandem.ts</code>.
          </p>
        </div>
      )}
      {hosts !== null && hosts.length > 0 && <HostTable hosts={hosts} />}
    </>
  )
}

function HostTable({ hosts }: Readonly<{ hosts: readonly HostView[] }>) {
  return (
    <table class="stacking">
      <caption class="unseen">hosts</caption>
      <thead>
        <tr>
          <th scope="col">Host</th>
          <th scope="col">Address</th>
          <th scope="col">Roles</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {hosts.map((host) => (
          <tr key={host.host}>
            <th scope="row">{host.host}</th>
            <td data-label="Address">
              <code>{host.address}</code>
            </td>
            <td data-label="Roles">
              <span class="tags">
                {host.roles.map((role) => (
                  <span key={role} class="tag">
                    {role}
                  </span>
                ))}
              </span>
            </td>
            <td data-label="State">
              {host.fenced === null ? (
                <span class="tone-good state-word">in use</span>
              ) : (
                <FencedNote fenced={host.fenced} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
