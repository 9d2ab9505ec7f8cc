import { group, secret, user } from 'tandem'

export function recipe() {
  return [
    group('ops'),
    user('ada', {
      comment: 'Ada Lovelace',
      shell: '/bin/bash',
      groups: ['ops', 'sudo'],
      password: secret('ADA_PASSWORD'),
    }),
    user('shop', { system: true, home: '/srv/shop', shell: '/usr/sbin/nologin' }),
    user('charles', { absent: true }),
  ]
}
