import { apt, aptRepository, type RecipeHost } from 'tandem'

export function recipe(host: RecipeHost) {
  const own = aptRepository('own', { uri: 'https://packages.example.com/debian', key: 'files/packages.asc' })
  const keys = apt('postgresql-common')
  const pgdg = aptRepository('pgdg', {
    uri: 'https://apt.postgresql.org/pub/repos/apt',
    suites: `${host.facts.codename}-pgdg`,
    signedBy: '/usr/share/postgresql-common/pgdg/apt.postgresql.org.asc',
    after: keys,
  })
  return [own, apt('our-tools', { after: own }), keys, pgdg, apt('postgresql-17', { after: pgdg })]
}
