import { authorizedKey, user } from 'tandem'

const ada = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@laptop'
const robot = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBzJ7G2Zl5kXnV0FhXwJQd4bL0yYkq3rJw8m1pTtC7aE backup'

export function recipe() {
  return [
    user('ada', { shell: '/bin/bash' }),
    authorizedKey('ada', { key: ada }),
    user('backup-robot', { system: true, home: '/srv/backup', shell: '/bin/sh' }),
    authorizedKey('backup-robot', { key: `restrict,command="/usr/local/bin/backup" ${robot}`, only: true }),
  ]
}
