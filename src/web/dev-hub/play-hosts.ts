import { apps } from './plan-of.ts'

export type PlayHost = Readonly<{
  host: string
  address: string
  roles: readonly string[]
  groups: readonly string[]
}>

/** Roles that have a recipe; `backup` has none. */
export const recipes: readonly string[] = ['web', 'index', 'postgres']

const inApps = apps.flatMap(({ app, environment, hosts }) =>
  hosts.map((host) => ({ host, roles: [app === 'shop' ? 'web' : 'index', environment] })),
)

const all = [
  ...inApps,
  { host: 'db1', roles: ['postgres', 'production'] },
  { host: 'vault', roles: ['backup'] },
]

/** The hosts of an ordinary team. */
export const playHosts: readonly PlayHost[] = all.map(({ host, roles }, index) => ({
  host,
  roles,
  address: `deploy@10.0.3.${11 + index}`,
  groups: [index < 4 ? 'paris' : 'frankfurt'],
}))

/** The hosts that words mean; none = all that have a recipe. */
export function meant(on: readonly string[]): readonly string[] {
  const isMeant = ({ host, roles, groups }: PlayHost) =>
    on.length === 0
      ? roles.some((role) => recipes.includes(role))
      : on.some((word) => word === host || roles.includes(word) || groups.includes(word))
  return playHosts.filter(isMeant).map(({ host }) => host)
}
