import { apt, dropIn, file, service } from 'tandem'

export function recipe() {
  const nginx = apt('nginx')
  const settings = file('/etc/nginx/conf.d/shop.conf', {
    content: 'client_max_body_size 20m;\n',
    after: nginx,
  })
  const limits = dropIn('nginx.service/limits', {
    sections: { Service: { LimitNOFILE: 65_536 } },
    restart: false,
  })
  return [
    nginx,
    settings,
    limits,
    service('nginx', { running: true, enabled: true, reloadOn: settings, restartOn: limits }),
    service('apt-daily-upgrade.timer', { masked: true }),
  ]
}
