import { firewall } from 'tandem'

export function recipe() {
  return firewall('web', {
    allow: [
      { ports: [80, 443] },
      { port: 5432, from: '10.0.0.0/8' },
      { port: '60000-60010', proto: 'udp', from: ['192.0.2.7', '2001:db8::/32'] },
    ],
  })
}
