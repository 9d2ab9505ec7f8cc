import { apt, service, template, type RecipeHost } from 'tandem'
import { texts } from './vars.ts'

/** The door of the shop: HAProxy gives requests to the app hosts that are well. */
export function front(host: RecipeHost) {
  const haproxy = apt('haproxy')
  const settings = template('/etc/haproxy/haproxy.cfg', {
    source: '../files/haproxy.cfg',
    vars: { apps: texts(host, 'apps') },
    // HAProxy itself must accept the new file before it takes the place of the old one.
    check: 'haproxy -c -q -f %',
    after: haproxy,
  })
  return [haproxy, settings, service('haproxy', { running: true, enabled: true, reloadOn: settings })]
}
