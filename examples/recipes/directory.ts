import { directory, group, user } from 'tandem'

export function recipe() {
  return [
    group('uploads'),
    user('shop', { system: true, group: 'uploads' }),
    directory('/srv/shop'),
    directory('/srv/shop/uploads', { mode: '2770', owner: 'shop', group: 'uploads' }),
    directory('/srv/old-shop', { absent: true, all: true }),
  ]
}
