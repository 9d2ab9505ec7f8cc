import type { AppView, HostRelease } from '../../../api/wire/wire.ts'
import { lastChangeOf } from '../../state/model.ts'
import { useModel } from '../hub.ts'
import { ChangeLink } from '../link.tsx'
import { releaseWords } from '../../words/release-words.ts'
import { When } from '../when.tsx'

/** What is live now: one card per app and environment. */
export function AppStrip() {
  const apps = useModel((model) => model.status?.apps ?? null)
  if (apps === null || apps.length === 0) return null
  return (
    <section class="strip" aria-label="live now">
      {apps.map((app) => (
        <AppCard key={app.target} app={app} />
      ))}
    </section>
  )
}

function AppCard({ app }: Readonly<{ app: AppView }>) {
  const change = useModel((model) => lastChangeOf(model, app))
  return (
    <article class="card">
      <h2 class="card-title">
        {app.app} <span class="tag">{app.environment}</span>
        <code class="card-release">{releaseWords(app.commit, app.release)}</code>
      </h2>
      <ul class="hosts" aria-label={`hosts of ${app.target}`}>
        {app.hosts.map((host) => (
          <HostDot key={host.host} app={app} host={host} />
        ))}
      </ul>
      {app.change === null ? (
        <p class="quiet">no change yet</p>
      ) : (
        <div class="card-last">
          <p>
            last change <ChangeLink id={app.change} />
            {change !== null && ` by ${change.who}`}
            {app.since !== null && (
              <>
                , <When at={app.since} />
              </>
            )}
          </p>
          {change !== null && <p class="card-why">{change.why}</p>}
        </div>
      )}
    </article>
  )
}

/** A host by a dot: full where the app's release takes traffic, hollow where another does, square when fenced. */
function HostDot({ app, host }: Readonly<{ app: AppView; host: HostRelease }>) {
  const words = releaseWords(host.commit, host.release)
  const isSame = host.release !== null && host.release === app.release
  const state = host.fenced !== null ? 'fenced' : isSame ? 'same' : 'other'
  return (
    <li class={`host host-${state}`}>
      <span>{host.host}</span>
      {state === 'same' ? (
        <span class="unseen">runs {words}</span>
      ) : (
        <span class="host-note">{state === 'fenced' ? 'fenced' : words}</span>
      )}
    </li>
  )
}
