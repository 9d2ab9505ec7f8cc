import type { HostView } from '../../../api/wire/wire.ts'
import { hostsAddress } from '../../state/route.ts'
import { Link } from '../link.tsx'

/** The roles and the groups of a host; each leads to all that have it. */
export function HostTags({ host }: Readonly<{ host: Pick<HostView, 'roles' | 'groups'> }>) {
  return (
    <span class="tags">
      {host.roles.map((role) => (
        <Link key={`role ${role}`} to={hostsAddress(role, '')} class="tag">
          {role}
        </Link>
      ))}
      {host.groups.map((group) => (
        <Link key={`group ${group}`} to={hostsAddress(group, '')} class="tag tag-group">
          <span class="unseen">group </span>
          {group}
        </Link>
      ))}
    </span>
  )
}
