import type { AppView } from '../../../api/wire/wire.ts'
import type { RepoView } from '../../../api/wire/code.ts'
import { useModel } from '../hub.ts'
import { ChangeLink } from '../link.tsx'
import { When } from '../when.tsx'
import { CommitLink } from './commit-link.tsx'

/** Which commits of a repository are live, and where. */
export function LivePlaces({ repo }: Readonly<{ repo: RepoView }>) {
  const apps = useModel(({ status }) => status?.apps ?? null)
  const live = apps?.filter((app) => repo.apps.includes(app.app) && app.commit !== null) ?? []
  if (live.length === 0) return null
  return (
    <ul class="live-places" aria-label={`where ${repo.repo} is live`}>
      {live.map((app) => (
        <li key={app.target}>
          <span class="live-target">{app.target}</span>
          {app.commit !== null && <CommitLink repo={repo.repo} hash={app.commit} />}
          <Since app={app} />
        </li>
      ))}
    </ul>
  )
}

function Since({ app }: Readonly<{ app: AppView }>) {
  if (app.change === null || app.since === null) return null
  return (
    <span class="quiet">
      by <ChangeLink id={app.change} />, <When at={app.since} />
    </span>
  )
}
