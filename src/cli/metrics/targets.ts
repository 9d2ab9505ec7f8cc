import type { Client } from '../../api/client/client.ts'
import type { ActiveTarget } from '../../api/wire/targets.ts'
import { ago } from '../../words/time.ts'
import type { Args } from '../args.ts'
import { type Page, pageOf } from '../text/page.ts'
import { cell, table } from '../text/table.ts'
import type { World } from '../world.ts'

/** `tandem metrics targets`: those that do not answer come first. */
export async function showTargets(client: Client, args: Args, world: World): Promise<number> {
  const { data } = await client.call('GET /api/v1/targets', { query: { state: 'active' } })
  const targets = args.has('down')
    ? data.activeTargets.filter(({ health }) => health !== 'up')
    : data.activeTargets
  if (args.has('json')) world.out(JSON.stringify({ targets }))
  else {
    const page = pageOf(world)
    const isAnyUp = targets.length < data.activeTargets.length
    world.out(isAnyUp && targets.length === 0 ? 'all are up' : targetsText(targets, page).join('\n'))
  }
  return 0
}

const order = { down: 0, unknown: 1, up: 2 } as const
const tones = { down: 'bad', unknown: 'dim', up: 'good' } as const

export function targetsText(targets: readonly ActiveTarget[], page: Page): readonly string[] {
  if (targets.length === 0)
    return [
      page.paint.dim('nobody is asked for numbers: a hub asks the hosts and apps of tandem.ts while it runs'),
    ]
  const rows = targets
    .toSorted((a, b) => order[a.health] - order[b.health])
    .map((one) => {
      const askedAt = Date.parse(one.lastScrape)
      const isAsked = askedAt > 0
      return [
        cell(one.scrapePool, 'bold'),
        cell(one.labels['instance'] ?? ''),
        cell(one.health === 'unknown' ? 'not yet' : one.health, tones[one.health]),
        cell(isAsked ? ago(askedAt, page.now) : ''),
        cell(isAsked ? `${Math.round(one.lastScrapeDuration * 1000)} ms` : ''),
        cell(one.lastError, one.health === 'down' ? 'plain' : 'dim'),
      ]
    })
  return table(['JOB', 'INSTANCE', 'STATE', 'ASKED', 'TOOK', 'WHY'], rows, page)
}
