import { file, secret } from 'tandem'

export function recipe() {
  return [
    file('/etc/motd', { source: 'files/motd' }),
    file('/etc/shop.env', {
      content: `DATABASE_URL=${secret('DATABASE_URL')}\n`,
      mode: '0640',
      owner: 'root',
      group: 'www-data',
    }),
    file('/etc/cron.allow', { mode: '0600' }),
    file('/etc/cron.deny', { absent: true }),
  ]
}
