import { mount } from 'tandem'

export function recipe() {
  return [
    mount('/srv/data', {
      device: 'UUID=6f2d7a4e-55d1-4c3b-9a0e-0e8b2f1c7d11',
      type: 'ext4',
      options: ['noatime', 'nofail'],
      pass: 2,
    }),
    mount('/srv/media', {
      device: 'nas.example.org:/media',
      type: 'nfs4',
      options: ['ro', '_netdev'],
    }),
    mount('/srv/old', { absent: true }),
  ]
}
