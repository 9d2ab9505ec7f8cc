import { apt, cron } from 'tandem'

export function recipe() {
  const daemon = apt('cron')
  return [
    daemon,
    cron('report', {
      schedule: '30 3 * * mon-fri',
      command: '/usr/local/bin/report --day "$(date +%F)"',
      user: 'www-data',
      env: { MAILTO: 'ops@example.org' },
      after: daemon,
    }),
    cron('old-report', { absent: true }),
  ]
}
