import { apt, block, file, postgresDatabase, postgresRole, secret, service, type RecipeHost } from 'tandem'
import { texts } from './vars.ts'

const versions: Readonly<Record<string, number>> = { bookworm: 15, trixie: 17, jammy: 14, noble: 16 }

/** PostgreSQL with the database of the shop, for the app hosts and nobody else. */
export function database(host: RecipeHost) {
  const version = versions[host.facts.codename]
  if (version === undefined) throw new Error(`which PostgreSQL does ${host.facts.codename} have?`)
  const folder = `/etc/postgresql/${version}/main`

  const server = apt('postgresql')
  const listening = file(`${folder}/conf.d/network.conf`, {
    content: "listen_addresses = '*'\n",
    after: server,
  })
  const guests = block(`${folder}/pg_hba.conf`, {
    marker: 'the app hosts',
    content: texts(host, 'apps')
      .map((address) => `host shop shop ${address}/32 scram-sha-256\n`)
      .join(''),
    after: server,
  })
  const running = service('postgresql', {
    running: true,
    enabled: true,
    restartOn: listening,
    reloadOn: guests,
    after: server,
  })
  const role = postgresRole('shop', { password: secret('SHOP_DATABASE_PASSWORD'), after: running })
  return [server, listening, guests, running, role, postgresDatabase('shop', { owner: 'shop', after: role })]
}
