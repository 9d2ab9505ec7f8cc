import { line } from 'tandem'

export function recipe() {
  return [
    line('/etc/login.defs', { line: 'UMASK\t\t027', replaces: '^UMASK\\s' }),
    line('/etc/ssh/sshd_config', {
      line: 'PasswordAuthentication no',
      replaces: '^#?PasswordAuthentication ',
    }),
    line('/etc/hosts', { line: '10.0.0.5 db', below: '^127\\.0\\.0\\.1' }),
    line('/etc/aliases', { replaces: '^root:.*@old\\.example\\.com$', absent: true }),
  ]
}
