import type { AppView, HostRelease } from '../../../api/wire/wire.ts'
import { releaseWords } from '../../words/release-words.ts'
import { ReleaseLink } from '../code/release-link.tsx'
import { FencedNote } from '../hosts/fenced-note.tsx'

/** What takes traffic on each host of an app. */
export function HostReleases({ app }: Readonly<{ app: AppView }>) {
  if (app.hosts.length === 0) return null
  return (
    <table class="stacking">
      <caption class="unseen">hosts of {app.target}</caption>
      <thead>
        <tr>
          <th scope="col">Host</th>
          <th scope="col">Live release</th>
          <th scope="col">Commit</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {app.hosts.map((host) => (
          <tr key={host.host}>
            <th scope="row">{host.host}</th>
            <td data-label="Live release">
              <code>{releaseWords(null, host.release)}</code>
            </td>
            <td data-label="Commit">
              <code>
                <ReleaseLink app={app.app} commit={host.commit} release={null} />
              </code>
            </td>
            <td data-label="State">
              <State app={app} host={host} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function State({ app, host }: Readonly<{ app: AppView; host: HostRelease }>) {
  if (host.fenced !== null) return <FencedNote fenced={host.fenced} />
  if (host.release === null) return <span class="quiet">runs nothing</span>
  if (host.release === app.release) return <span class="tone-good state-word">live</span>
  return <span class="tone-care state-word">another release</span>
}
