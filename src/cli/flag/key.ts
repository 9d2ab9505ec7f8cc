import type { Client } from '../../api/client/client.ts'
import type { FlagKey } from '../../api/wire/flags.ts'
import { ago } from '../../words/time.ts'
import { type Args, usage } from '../args.ts'
import { withHub } from '../hub/reach/connect.ts'
import { type Page, pageOf } from '../text/page.ts'
import { cell, table } from '../text/table.ts'
import { tellMade, tellRevoked } from '../tell-key.ts'
import type { World } from '../world.ts'
import { environmentOf } from './asked.ts'

/** Makes, lists and revokes the keys that programs show. */
export function keyCommand(args: Args, world: World, [action, word]: readonly string[]): Promise<number> {
  return withHub(args, world, async ({ client }) => {
    if (action === 'new' && word === undefined) return makeKey(client, args, world)
    if (action === 'list' && word === undefined) return listKeys(client, args, world)
    if (action === 'revoke' && word !== undefined) return revokeKey(client, word, args, world)
    throw usage('flag key what?', 'write `tandem flag key new`, `flag key list` or `flag key revoke ID`')
  })
}

async function makeKey(client: Client, args: Args, world: World): Promise<number> {
  const kind = args.text('kind') ?? 'server'
  if (kind !== 'server' && kind !== 'browser')
    throw usage(
      `--kind ${kind} is none`,
      'give server, which reads rules, or browser, which is given answers',
    )
  const environment = environmentOf(args)
  const body = { environment, kind, label: args.text('label') ?? 'a program' }
  const made = await client.call('POST /api/flag-keys', { body })
  const reads = kind === 'server' ? 'reads the rules of' : 'is given answers of'
  const says = `a ${kind} key: whoever has it ${reads} ${environment}. it is shown this once:`
  return tellMade(made, says, args, world)
}

async function listKeys(client: Client, args: Args, world: World): Promise<number> {
  const { keys } = await client.call('GET /api/flag-keys')
  world.out(args.has('json') ? JSON.stringify({ keys }) : keysText(keys, pageOf(world)).join('\n'))
  return 0
}

async function revokeKey(client: Client, id: string, args: Args, world: World): Promise<number> {
  await client.call('DELETE /api/flag-keys/:id', { params: { id } })
  return tellRevoked(id, args, world)
}

export function keysText(keys: readonly FlagKey[], page: Page): readonly string[] {
  if (keys.length === 0) return [page.paint.dim('no keys yet: `tandem flag key new` makes the first')]
  const rows = keys.map(({ id, kind, environment, label, who, createdAt }) => [
    cell(id, 'link'),
    cell(kind),
    cell(environment),
    cell(label),
    cell(`${who}, ${ago(createdAt, page.now)}`, 'dim'),
  ])
  return table(['KEY', 'KIND', 'ENVIRONMENT', 'FOR', 'MADE'], rows, page)
}
