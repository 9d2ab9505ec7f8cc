import { baseline, template, type RecipeHost } from 'tandem'
import { text } from './vars.ts'

/** What every host has. */
export function everywhere(host: RecipeHost) {
  return [
    baseline('debian', {
      // Tandem comes in as root by a key: that goes on.
      sshd: { passwords: false, root: 'keys' },
      timeZone: text(host, 'timeZone'),
      journal: '200M',
      upgrades: false,
      kernel: false,
    }),
    template('/etc/motd', {
      source: '../files/motd',
      vars: { name: host.name, roles: host.roles.join(', ') },
    }),
  ]
}
