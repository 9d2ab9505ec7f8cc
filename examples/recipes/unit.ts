import { file, secret, unit } from 'tandem'

export function recipe() {
  const program = file('/usr/local/bin/backup', {
    content: '#!/bin/sh\nexec tar -cf /srv/backup.tar /srv/shop\n',
    mode: '0755',
  })
  return [
    program,
    unit('backup.service', {
      sections: {
        Unit: { Description: 'backup of the shop' },
        Service: {
          Type: 'oneshot',
          ExecStart: '/usr/local/bin/backup',
          Environment: ['LEVEL=9', `TOKEN=${secret('BACKUP_TOKEN')}`],
          PrivateTmp: true,
        },
      },
      after: program,
    }),
    unit('backup.timer', {
      content: '[Timer]\nOnCalendar=*-*-* 03:30\nPersistent=yes\n\n[Install]\nWantedBy=timers.target\n',
      enabled: true,
      running: true,
    }),
    unit('old-backup.timer', { absent: true }),
  ]
}
