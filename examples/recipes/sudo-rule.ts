import { apt, group, sudoRule, user } from 'tandem'

export function recipe() {
  const sudo = apt('sudo')
  return [
    sudo,
    group('ops'),
    sudoRule('ops', { group: 'ops', commands: 'ALL', as: 'ALL', after: sudo }),
    user('deploy'),
    sudoRule('deploy-restarts', {
      user: 'deploy',
      commands: ['/usr/bin/systemctl restart shop', '/usr/bin/systemctl reload nginx'],
      password: false,
      after: sudo,
    }),
  ]
}
