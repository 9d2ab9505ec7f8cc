import type { TeamConfig } from '../../config/config.ts'
import { trunkOf } from '../../vcs/repository.ts'

/** The trunk of a repository, in full. */
export function trunkRef(team: TeamConfig | null, repo: string): string {
  const config = team !== null && Object.hasOwn(team.repos, repo) ? team.repos[repo] : undefined
  return `refs/heads/${trunkOf(config ?? { protect: [] })}`
}

export const isOnTrunk = (team: TeamConfig | null, repo: string, ref: string): boolean =>
  ref === trunkRef(team, repo)

/** `tandem.ts` as it last was without a mistake: pushes come in also while somebody is writing it. Null before that. */
export function lastSound(config: () => Promise<TeamConfig>): () => Promise<TeamConfig | null> {
  let known: TeamConfig | null = null
  return async () => (known = await config().catch(() => known))
}
