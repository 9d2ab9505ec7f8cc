import type { TeamConfig } from '../config/config.ts'

/** Who may do what, as `tandem.ts` last said it without a mistake. */
export type People = { known: TeamConfig['people'] }

export async function lookAtPeople(people: People, config: () => Promise<TeamConfig>): Promise<void> {
  const read = await config().catch(() => null)
  if (read !== null) people.known = read.people
}
