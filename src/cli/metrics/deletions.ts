import type { Client } from '../../api/client/client.ts'
import type { DeletionView } from '../../api/wire/metrics.ts'
import { ago } from '../../words/time.ts'
import { type Args, numberIn } from '../args.ts'
import { type Page, pageOf } from '../text/page.ts'
import { cell, table } from '../text/table.ts'
import type { World } from '../world.ts'
import { spanText } from './span-text.ts'

/** `tandem metrics deletions`: who ordered which samples to be deleted, newest first. */
export async function showDeletions(client: Client, args: Args, world: World): Promise<number> {
  const limit = numberIn(args, 'limit', { least: 1, most: 100, otherwise: 15 })
  const { deletions } = await client.call('GET /api/metric-deletions', { query: { limit } })
  const page = pageOf(world)
  world.out(args.has('json') ? JSON.stringify({ deletions }) : deletionsText(deletions, page).join('\n'))
  return 0
}

function deletionsText(deletions: readonly DeletionView[], page: Page): readonly string[] {
  if (deletions.length === 0) return [page.paint.dim('nobody has deleted samples here')]
  const rows = deletions.map((one) => [
    cell(ago(one.at, page.now), 'dim'),
    cell(one.who),
    cell(one.selectors.join(', '), 'bold'),
    cell(spanText(one)),
  ])
  return table(['WHEN', 'WHO', 'SERIES', 'TIMES'], rows, page)
}
