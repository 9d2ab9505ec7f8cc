import type { Client } from '../../api/client/client.ts'
import type { MetricRoutes } from '../../api/wire/metrics.ts'
import { ago } from '../../words/time.ts'
import { type Args, usage } from '../args.ts'
import { type Page, pageOf } from '../text/page.ts'
import { cell, table } from '../text/table.ts'
import { tellMade, tellRevoked } from '../tell-key.ts'
import type { World } from '../world.ts'

/** Makes, lists and revokes the keys of whoever sends samples. */
export async function keyCommand(client: Client, args: Args, world: World): Promise<number> {
  const [, action, word] = args.words
  if (action === 'new' && word !== undefined) return makeKey(client, word, args, world)
  if (action === 'list' && word === undefined) return listKeys(client, args, world)
  if (action === 'revoke' && word !== undefined) return revokeKey(client, word, args, world)
  throw usage(
    'metrics key what?',
    'write `tandem metrics key new NAME`, `metrics key list` or `metrics key revoke ID`',
  )
}

async function makeKey(client: Client, name: string, args: Args, world: World): Promise<number> {
  const made = await client.call('POST /api/metric-keys', { body: { name } })
  const says = `a key for ${name}: whoever has it sends samples, and may do nothing else. it is shown this once:`
  return tellMade(made, says, args, world)
}

async function listKeys(client: Client, args: Args, world: World): Promise<number> {
  const { keys } = await client.call('GET /api/metric-keys')
  world.out(args.has('json') ? JSON.stringify({ keys }) : keysText(keys, pageOf(world)).join('\n'))
  return 0
}

async function revokeKey(client: Client, id: string, args: Args, world: World): Promise<number> {
  await client.call('DELETE /api/metric-keys/:id', { params: { id } })
  return tellRevoked(id, args, world)
}

function keysText(keys: MetricRoutes['GET /api/metric-keys']['keys'], page: Page): readonly string[] {
  if (keys.length === 0) return [page.paint.dim('no keys yet: `tandem metrics key new NAME` makes the first')]
  const rows = keys.map(({ id, name, who, createdAt }) => [
    cell(id, 'link'),
    cell(name),
    cell(`${who}, ${ago(createdAt, page.now)}`, 'dim'),
  ])
  return table(['KEY', 'FOR', 'MADE'], rows, page)
}
