import type { ForgeView } from '../../api/wire/code.ts'
import type { TeamConfig } from '../../config/config.ts'
import type { Forges } from './forges.ts'

/** How a repository that a forge holds is followed; null where none does. */
export async function viewOf(
  repo: string,
  team: Pick<TeamConfig, 'repos' | 'url'>,
  forges: Forges,
): Promise<ForgeView | null> {
  const forge = Object.hasOwn(team.repos, repo) ? (team.repos[repo]?.forge ?? null) : null
  if (forge === null) return null
  const { hook, looked, telling } = forges.view(repo)
  const path = `/hooks/${repo}`
  return {
    repo,
    kind: forge.kind,
    url: forge.url,
    hook: {
      path,
      url: team.url === null ? null : `${team.url}${path}`,
      secret: forge.secret,
      isSecretSet: await forges.isSet(forge.secret),
      isWeak: forge.webhook === 'token',
      ...hook,
    },
    looked,
    statuses: { token: forge.token, ...telling },
    requests: forges.requests
      .open(repo)
      .map((request) => ({ ...request, isOfTeam: forges.isOfTeam(repo, request.ref) })),
  }
}
