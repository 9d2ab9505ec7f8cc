import { apt, postgresDatabase, postgresRole, secret, service } from 'tandem'

export function recipe() {
  const server = apt('postgresql')
  const running = service('postgresql', { running: true, enabled: true, after: server })
  const role = postgresRole('shop', { password: secret('SHOP_DATABASE_PASSWORD'), after: running })
  return [
    server,
    running,
    role,
    postgresDatabase('shop', {
      owner: 'shop',
      encoding: 'UTF8',
      locale: 'C.UTF-8',
      extensions: ['pg_trgm'],
      after: role,
    }),
  ]
}
