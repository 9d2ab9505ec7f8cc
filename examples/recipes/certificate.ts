import { apt, certificate, service } from 'tandem'

export function recipe() {
  const nginx = apt('nginx')
  const inside = certificate('shop.internal', { selfSigned: true, names: ['shop.internal', '10.0.0.1'] })
  const outside = certificate('shop.example.org', {
    names: ['shop.example.org', 'www.shop.example.org'],
    acme: { email: 'ops@example.org', webroot: '/var/www/html', reload: 'nginx.service' },
    after: nginx,
  })
  return [nginx, inside, outside, service('nginx', { reloadOn: [inside, outside] })]
}
