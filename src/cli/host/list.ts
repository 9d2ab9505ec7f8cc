import type { HostView } from '../../api/wire/wire.ts'
import type { Args } from '../args.ts'
import { hostsOf } from './named.ts'
import { withHubAndConfig } from '../hub/reach/connect.ts'
import { paintFor } from '../../words/paint.ts'
import { type Cell, cell, table } from '../text/table.ts'
import { ago } from '../../words/time.ts'
import type { World } from '../world.ts'

/** `tandem host list`: the hosts, and how they were when they were last seen. */
export function listCommand(args: Args, world: World): Promise<number> {
  return withHubAndConfig(args, world, async ({ client }) => {
    const { hosts } = await client.call('GET /api/status')
    if (args.has('json')) world.out(JSON.stringify({ hosts }))
    else if (hosts.length === 0) world.out('no hosts yet: tandem host add USER@ADDRESS')
    else world.out(hostTable(hosts, world).join('\n'))
    return 0
  })
}

export function hostTable(hosts: readonly HostView[], world: World): readonly string[] {
  const screen = world.screen()
  const head = ['HOST', 'ADDRESS', 'ROLES', 'GROUPS', 'LAST APPLY', 'DRIFT', '']
  return table(
    head,
    hosts.map((host) => hostRow(host, world.now())),
    { columns: screen.columns, paint: paintFor(screen) },
  )
}

function hostRow(
  { host, address, roles, groups, applied, drift, fenced }: HostView,
  now: number,
): readonly Cell[] {
  return [
    cell(host, 'bold'),
    cell(address),
    cell(roles.join(' ')),
    cell(groups.join(' ')),
    applied === null
      ? cell('never', 'dim')
      : cell(`${applied.change} by ${applied.who} ${ago(applied.at, now)}`),
    driftCell(drift, now),
    fenced === null ? cell('') : cell(`left behind by ${fenced.by}: ${fenced.why}`, 'bad'),
  ]
}

function driftCell(drift: HostView['drift'], now: number): Cell {
  if (drift === null) return cell('not looked at', 'dim')
  if (drift.away !== null) return cell(drift.away, 'bad')
  if (drift.found === 0) return cell(`none ${ago(drift.at, now)}`, 'good')
  return cell(`${drift.found} ${drift.found === 1 ? 'resource' : 'resources'} ${ago(drift.at, now)}`, 'care')
}

/** `tandem host keys`: which hosts have a pinned key. */
export async function keysCommand(args: Args, world: World): Promise<number> {
  const keys = Object.entries(await hostsOf(args, world)).map(([name, { via }]) => ({
    host: name,
    key: via.kind === 'ssh' ? via.hostKey : null,
    via: via.kind,
  }))
  if (args.has('json')) {
    world.out(JSON.stringify({ hosts: keys }))
    return 0
  }
  const rows = keys.map(({ host, key, via }) => {
    const name = cell(host, 'bold')
    if (via === 'local') return [name, cell('this machine', 'dim'), cell('')]
    if (key === null) return [name, cell('not accepted', 'care'), cell(`tandem host accept ${host}`, 'dim')]
    return [name, cell('pinned', 'good'), cell(key, 'dim')]
  })
  const screen = world.screen()
  world.out(table(['HOST', 'KEY', ''], rows, { columns: screen.columns, paint: paintFor(screen) }).join('\n'))
  return 0
}
