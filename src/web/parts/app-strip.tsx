import type { AppView } from '../../api/wire.ts'
import { lastChangeOf } from '../state/model.ts'
import { useModel } from './hub.ts'
import { ChangeLink } from './link.tsx'
import { releaseWords } from '../words/release-words.ts'
import { When } from './when.tsx'

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
        {app.hosts.map((host) => {
          const isSame = host.release !== null && host.release === app.release
          const state = host.fenced !== null ? 'fenced' : isSame ? 'same' : 'other'
          return (
            <li key={host.host} class={`host host-${state}`}>
              <span class="host-name">{host.host}</span>
              {state === 'same' ? (
                <span class="unseen">runs {releaseWords(host.commit, host.release)}</span>
              ) : (
                <span class="host-note">
                  {state === 'fenced' ? 'fenced' : releaseWords(host.commit, host.release)}
                </span>
              )}
            </li>
          )
        })}
      </ul>
      <p class="card-last">
        {app.change === null ? (
          'no change yet'
        ) : (
          <>
            last change <ChangeLink id={app.change} />
            {change !== null && ` by ${change.who}, ${change.title}`}
            {app.since !== null && (
              <>
                , <When at={app.since} />
              </>
            )}
          </>
        )}
      </p>
    </article>
  )
}
