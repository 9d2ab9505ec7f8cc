import { apt, directory, file, haproxyFront, logRotation, secret, user, type RecipeHost } from 'tandem'
import { text } from './vars.ts'

/** What a host needs before the shop is deployed to it. */
export function app(host: RecipeHost) {
  const node = apt('nodejs')
  const shop = user('shop', { system: true })
  const logrotate = apt('logrotate')
  return [
    node,
    shop,
    haproxyFront('front', { maxConnections: 5_000 }),
    directory('/etc/shop'),
    file('/etc/shop/database', {
      content: `postgresql://shop:${secret('SHOP_DATABASE_PASSWORD')}@${text(host, 'database')}/shop\n`,
      mode: '0640',
      owner: 'root',
      group: 'shop',
    }),
    logrotate,
    directory('/var/log/shop', { owner: 'shop', group: 'adm', mode: '2750' }),
    logRotation('shop', {
      paths: '/var/log/shop/*.log',
      every: 'day',
      rotate: 14,
      as: { user: 'shop', group: 'adm' },
      after: logrotate,
    }),
  ]
}
