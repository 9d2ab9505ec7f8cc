import type { HostView } from '../../api/wire/wire.ts'
import { HostActions } from '../parts/hosts/host-actions.tsx'
import { HostTable } from '../parts/hosts/host-table.tsx'
import { HostsFilter } from '../parts/hosts/hosts-filter.tsx'
import { Link } from '../parts/link.tsx'
import { useHub, useModel } from '../parts/hub.ts'
import { PageHead } from '../parts/frame/page-head.tsx'
import { TroubleView } from '../parts/trouble-view.tsx'
import { useLook } from '../parts/hosts/use-look.ts'
import { usePageTitle } from '../parts/frame/use-title.ts'
import { hasRecipe, healthOf, type HostHealth } from '../state/host-health.ts'
import { type HostFilter, hostsThat } from '../state/hosts.ts'
import { hostsAddress } from '../state/route.ts'

/** Every host the team runs things on, and how each stands beside its recipes. */
export function HostsPage(chosen: HostFilter) {
  const status = useModel((model) => model.status)
  usePageTitle('Hosts')
  if (status === null) return <PageHead title="Hosts" />
  if (status.hosts.length > 0)
    return <Hosts hosts={status.hosts} recipes={status.hub.recipes} chosen={chosen} />
  return (
    <>
      <PageHead title="Hosts" />
      <div class="nothing">
        <p>There are no hosts yet.</p>
        <p class="quiet">
          Hosts and their roles are written in <code>tandem.ts</code>.
        </p>
      </div>
    </>
  )
}

type All = Readonly<{ hosts: readonly HostView[]; recipes: readonly string[]; chosen: HostFilter }>

function Hosts({ hosts, recipes, chosen }: All) {
  const { go } = useHub()
  const shown = hostsThat(hosts, recipes, chosen)
  const meant = shown.filter((host) => hasRecipe(host, recipes)).map(({ host }) => host)
  const isAll = shown.length === hosts.length
  const on = isAll ? [] : meant
  const look = useLook(on)
  const name = isAll ? 'all hosts' : meant.length > 3 ? `${meant.length} hosts` : meant.join(', ')
  return (
    <>
      <PageHead title="Hosts">
        {meant.length > 0 && (
          <div class="actions">
            <HostActions on={on} name={name} look={look} />
          </div>
        )}
      </PageHead>
      <HostsFilter
        hosts={hosts}
        chosen={chosen}
        onChange={({ among, text }) => go(hostsAddress(among, text), 'replace')}
      />
      {look.asked.type === 'refused' && <TroubleView trouble={look.asked.trouble} />}
      <Tally hosts={shown} recipes={recipes} among={chosen.among} />
      {shown.length === 0 ? (
        <div class="nothing">
          <p>No host fits this filter.</p>
        </div>
      ) : (
        <HostTable hosts={shown} />
      )}
    </>
  )
}

const worth: readonly HostHealth['type'][] = ['differs', 'away', 'fenced']

type Counted = Omit<All, 'chosen'> & Readonly<{ among: string | null }>

/** `8 hosts: 2 differ, 1 away`, each leading to those that are meant. */
function Tally({ hosts, recipes, among }: Counted) {
  const types = hosts.map((host) => healthOf(host, recipes).type)
  const parts = worth.flatMap((type) => {
    const many = types.filter((one) => one === type).length
    return many === 0 ? [] : [{ type, words: `${many} ${type === 'differs' && many > 1 ? 'differ' : type}` }]
  })
  return (
    <p class="tally" role="status">
      {hosts.length} {hosts.length === 1 ? 'host' : 'hosts'}
      {parts.map(({ type, words }) => (
        <Link key={type} to={hostsAddress(among, type)}>
          {words}
        </Link>
      ))}
    </p>
  )
}
