import { apt, postgresRole, secret, service } from 'tandem'

export function recipe() {
  const server = apt('postgresql')
  const running = service('postgresql', { running: true, enabled: true, after: server })
  return [
    server,
    running,
    postgresRole('shop', { password: secret('SHOP_DATABASE_PASSWORD'), connections: 50, after: running }),
    postgresRole('report', { login: false, after: running }),
  ]
}
