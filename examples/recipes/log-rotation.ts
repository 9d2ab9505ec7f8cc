import { apt, logRotation } from 'tandem'

export function recipe() {
  const logrotate = apt('logrotate')
  return [
    logrotate,
    logRotation('shop', {
      paths: ['/var/log/shop/*.log'],
      every: 'day',
      rotate: 14,
      create: { mode: '0640', owner: 'www-data', group: 'adm' },
      postrotate: 'systemctl kill --signal=HUP shop.service',
      after: logrotate,
    }),
  ]
}
