import type { HostView } from '../../../api/wire/wire.ts'
import { type HostFilter, rolesAndGroups } from '../../state/hosts.ts'
import { FilterField } from '../filter-field.tsx'

type Choice = Readonly<{
  hosts: readonly HostView[]
  chosen: HostFilter
  onChange: (next: HostFilter) => void
}>

/** Narrows the hosts to a role or group and to rows that hold some words. */
export function HostsFilter({ hosts, chosen, onChange }: Choice) {
  const { roles, groups } = rolesAndGroups(hosts)
  const { among, text } = chosen
  const isKnown = among === null || roles.includes(among) || groups.includes(among)
  return (
    <search class="filter">
      <label class="inline-field">
        <span class="unseen">Role or group</span>
        <select
          value={among ?? ''}
          onChange={(event) => onChange({ among: event.currentTarget.value || null, text })}
        >
          <option value="">all hosts</option>
          {!isKnown && <option value={among}>{among}</option>}
          <Names label="roles" names={roles} />
          <Names label="groups" names={groups.filter((name) => !roles.includes(name))} />
        </select>
      </label>
      <FilterField
        of="the hosts"
        hint="Filter hosts"
        text={text}
        onText={(next) => onChange({ among, text: next })}
      />
    </search>
  )
}

function Names({ label, names }: Readonly<{ label: string; names: readonly string[] }>) {
  if (names.length === 0) return null
  return (
    <optgroup label={label}>
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </optgroup>
  )
}
