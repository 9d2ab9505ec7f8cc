import { userInfo } from 'node:os'
import type { TeamConfig } from '../config/config.ts'
import type { May } from '../store/store.ts'
import type { Repos } from '../vcs/repos.ts'

/** What `tandem.ts` last said without a mistake. */
export type Team = { known: TeamConfig | null }

/** Who was taken out loses what they may do, repositories that were added are made, and new keys let in. */
export async function lookAtTeam(
  team: Team,
  config: () => Promise<TeamConfig>,
  repos: Repos | null,
): Promise<void> {
  const read = await config().catch(() => null)
  if (read === null) return
  team.known = read
  await repos?.heed(read.repos, 'tandem.ts')
  await repos?.admit(read)
}

export const mayOf = ({ known }: Team, person: string): May | null =>
  known?.people[person]?.may ?? (person === userInfo().username ? 'everything' : null)
