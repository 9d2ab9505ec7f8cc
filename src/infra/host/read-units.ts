import { TroubleError } from '../../change/trouble.ts'
import type { Seen } from '../plan/seen.ts'
import type { Needs } from './read-packages.ts'
import type { Told } from './read-probe.ts'

/** Units in the order in which they were asked for. Throws a TroubleError when there is no systemd to ask. */
export function readUnits(told: Told, { host, wants, facts }: Needs): Seen['units'] {
  const names = [...new Set(wants.units)]
  const blocks = blocksOf(told('y'))
  if (blocks.length !== names.length) {
    throw new TroubleError({
      what:
        facts.init === 'systemd'
          ? `systemctl on ${host} answered for ${blocks.length} of ${names.length} units`
          : `${host} has no systemd that runs (its process 1 is ${facts.init || 'unknown'})`,
      host,
      now:
        facts.init === 'systemd'
          ? `try \`systemctl show ${names.join(' ')}\` there`
          : 'leave services and units out of the recipe of this host: `host.facts.init` tells them apart',
    })
  }
  return new Map(
    names.map((name, nth) => {
      const block = blocks[nth] ?? new Map<string, string>()
      const value = (key: string): string => block.get(key) ?? ''
      return [
        name,
        {
          load: value('LoadState'),
          active: value('ActiveState'),
          file: value('UnitFileState'),
          needsReload: value('NeedDaemonReload') === 'yes',
        },
      ]
    }),
  )
}

/** A unit ends where a property comes again: the empty lines between units were lost on the way. */
function blocksOf(lines: readonly string[]): readonly ReadonlyMap<string, string>[] {
  const blocks: Map<string, string>[] = []
  for (const line of lines) {
    const at = line.indexOf('=')
    const key = line.slice(0, at)
    const last = blocks.at(-1)
    if (last === undefined || last.has(key)) blocks.push(new Map([[key, line.slice(at + 1)]]))
    else last.set(key, line.slice(at + 1))
  }
  return blocks
}
