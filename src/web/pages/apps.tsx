import { useState } from 'preact/hooks'
import type { AppView } from '../../api/wire/wire.ts'
import { ReleaseLink } from '../parts/code/release-link.tsx'
import { DeployDialog } from '../parts/deploy/deploy-dialog.tsx'
import { HostReleases } from '../parts/deploy/host-releases.tsx'
import { useModel } from '../parts/hub.ts'
import { ChangeLink, Link } from '../parts/link.tsx'
import { PageHead } from '../parts/frame/page-head.tsx'
import { RevertDialog } from '../parts/change/revert-dialog.tsx'
import { usePageTitle } from '../parts/frame/use-title.ts'
import { WaitingLine } from '../parts/deploy/waiting-line.tsx'
import { When } from '../parts/when.tsx'
import { lastChangeOf } from '../state/model.ts'
import { appGraphsAddress } from '../state/metrics/route.ts'
import { timelineAddress } from '../state/route.ts'

/** Every app in every environment: what is live there, and the buttons to change that. */
export function AppsPage() {
  const apps = useModel((model) => model.status?.apps ?? null)
  usePageTitle('Apps')
  return (
    <>
      <PageHead title="Apps" />
      {apps?.length === 0 && (
        <div class="nothing">
          <p>No app is deployed by Tandem yet.</p>
          <p class="quiet">
            Say in <code>tandem.ts</code> what an app is and where it goes; <code>tandem init</code> writes a
            first one.
          </p>
        </div>
      )}
      {apps?.map((app) => (
        <AppSection key={app.target} app={app} />
      ))}
    </>
  )
}

function AppSection({ app }: Readonly<{ app: AppView }>) {
  const line = useModel((model) => model.status?.lines.find((one) => one.target === app.target) ?? null)
  return (
    <section class="app" aria-label={`${app.app} in ${app.environment}`}>
      <div class="section-head">
        <h2>
          {app.app} <span class="tag">{app.environment}</span>
        </h2>
        <AppButtons app={app} />
      </div>
      <LiveLine app={app} />
      <HostReleases app={app} />
      {line !== null && <WaitingLine line={line} />}
    </section>
  )
}

function LiveLine({ app }: Readonly<{ app: AppView }>) {
  const change = useModel((model) => lastChangeOf(model, app))
  if (app.release === null) return <p class="live-line">Nothing is live here yet.</p>
  return (
    <p class="live-line">
      <code class="release">
        <ReleaseLink {...app} />
      </code>{' '}
      went live
      {app.since !== null && (
        <>
          {' '}
          <When at={app.since} />
        </>
      )}
      {app.change !== null && (
        <>
          {' '}
          by <ChangeLink id={app.change} />
          {change !== null && `, ${change.who}: ${change.why}`}
        </>
      )}
      <span class="live-links">
        {app.url !== null && (
          <a href={app.url} rel="noreferrer">
            {app.url.replace(/^https?:\/\//, '')}
          </a>
        )}
        <Link to={appGraphsAddress(app.target)}>graphs</Link>
        <Link to={timelineAddress(app.target, '')}>its changes</Link>
      </span>
    </p>
  )
}

function AppButtons({ app }: Readonly<{ app: AppView }>) {
  const may = useModel((model) => model.me?.may ?? 'look')
  const change = useModel((model) => lastChangeOf(model, app))
  const [asking, ask] = useState<'deploy' | 'revert' | null>(null)
  const close = () => ask(null)
  if (may !== 'everything') return null
  return (
    <div class="actions">
      {app.change !== null && (change === null || change.revertedBy === null) && (
        <button
          type="button"
          aria-label={`Revert the last change of ${app.target}`}
          onClick={() => ask('revert')}
        >
          Revert {app.change}
        </button>
      )}
      <button type="button" class="primary" aria-label={`Deploy ${app.target}`} onClick={() => ask('deploy')}>
        Deploy
      </button>
      {asking === 'deploy' && <DeployDialog app={app} onClose={close} />}
      {asking === 'revert' && app.change !== null && (
        <RevertDialog change={app.change} target={app.target} onClose={close} />
      )}
    </div>
  )
}
