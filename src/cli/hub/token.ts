import type { Client } from '../../api/client/client.ts'
import type { Routes } from '../../api/wire/wire.ts'
import { type Args, numberIn, usage } from '../args.ts'
import { type Command, hubOptions, option } from '../command.ts'
import { withHub } from './reach/connect.ts'
import { type Page, pageOf } from '../text/page.ts'
import { cell, table } from '../text/table.ts'
import { ago } from '../../words/time.ts'
import { tellMade, tellRevoked } from '../tell-key.ts'
import type { World } from '../world.ts'

const usualDays = 365

export const command: Command = {
  usage: ['token new [PERSON] [--label TEXT] [--days N]', 'token list', 'token revoke ID'],
  about:
    'Makes a token for a person of the team (it is shown this once), lists tokens, or makes one worthless.',
  options: {
    label: option('TEXT', 'what it is for (otherwise: `command line`)'),
    days: option('N', `how long it lives, at most 3650 (otherwise: ${usualDays})`),
    ...hubOptions,
  },
  most: 2,
  run: (args, world) =>
    withHub(args, world, async ({ client }) => {
      const [action, word] = args.words
      if (action === 'new') return makeToken(client, word ?? null, args, world)
      if (action === 'list') return listTokens(client, args, world)
      if (action === 'revoke' && word !== undefined) return revokeToken(client, word, args, world)
      throw usage('token what?', 'write `tandem token new PERSON`, `token list` or `token revoke ID`')
    }),
}

async function makeToken(client: Client, named: string | null, args: Args, world: World): Promise<number> {
  const person = named ?? (await client.call('GET /api/me')).name
  const days = numberIn(args, 'days', { least: 1, most: 3650, otherwise: usualDays })
  const body = { person, label: args.text('label') ?? 'command line', days }
  const made = await client.call('POST /api/tokens', { body })
  const says = `a token for ${person}, good for ${days} days. it is shown this once; give it to nobody else:`
  return tellMade(made, says, args, world)
}

async function listTokens(client: Client, args: Args, world: World): Promise<number> {
  const { tokens } = await client.call('GET /api/tokens')
  world.out(args.has('json') ? JSON.stringify({ tokens }) : tokensText(tokens, pageOf(world)).join('\n'))
  return 0
}

async function revokeToken(client: Client, id: string, args: Args, world: World): Promise<number> {
  await client.call('DELETE /api/tokens/:id', { params: { id } })
  return tellRevoked(id, args, world)
}

export function tokensText(tokens: Routes['GET /api/tokens']['tokens'], page: Page): readonly string[] {
  const rows = tokens.map((token) => {
    const isExpired = token.expiresAt !== null && token.expiresAt <= page.now
    const until = token.expiresAt === null ? 'never' : new Date(token.expiresAt).toISOString().slice(0, 10)
    return [
      cell(token.id, 'link'),
      cell(token.person, 'bold'),
      cell(token.label),
      cell(ago(token.createdAt, page.now)),
      cell(token.lastUsedAt === null ? 'never' : ago(token.lastUsedAt, page.now)),
      cell(until, isExpired ? 'bad' : 'plain'),
    ]
  })
  return table(['TOKEN', 'PERSON', 'FOR', 'MADE', 'USED', 'EXPIRES'], rows, page)
}
