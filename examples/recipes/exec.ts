import { directory, exec, file } from 'tandem'

export function recipe() {
  const folder = directory('/usr/local/share/ca-certificates/shop')
  const root = file('/usr/local/share/ca-certificates/shop/root.crt', { source: 'files/root.crt' })
  return [
    folder,
    root,
    exec('trust our root', { command: ['update-ca-certificates'], on: root }),
    exec('swap', {
      command: 'fallocate -l 1G /swapfile && chmod 600 /swapfile && mkswap /swapfile && swapon /swapfile',
      creates: '/swapfile',
      undo: 'swapoff /swapfile; rm -f /swapfile',
      limit: '5m',
      says: 'make 1 GB of swap',
    }),
  ]
}
