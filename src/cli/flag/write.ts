import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Client } from '../../api/client/client.ts'
import type { FlagView } from '../../api/wire/flags.ts'
import type { Flag } from '../../../sdk/flag/flag.ts'
import { type Args, usage } from '../args.ts'
import { withOrders } from '../hub/reach/connect.ts'
import type { World } from '../world.ts'
import { environmentOf, keyIn } from './asked.ts'
import { edited, made } from './edit.ts'
import { orderFlip } from './order.ts'

export async function newFlag(args: Args, world: World, words: readonly string[]): Promise<number> {
  const key = keyIn(words, 'new')
  const flag = (await flagInFile(args, world)) ?? made(args)
  return withOrders(args, world, (connection) =>
    orderFlip(
      connection,
      { do: 'write', environment: environmentOf(args), items: [{ flag: key, to: flag, base: null }] },
      args,
      world,
    ),
  )
}

/** An edit is made on the flag that was seen, and says so: whoever was faster is not overwritten. */
export async function setFlag(args: Args, world: World, words: readonly string[]): Promise<number> {
  const [first, variant, ...rest] = words
  const key = keyIn([...(first === undefined ? [] : [first]), ...rest], 'set')
  const whole = await flagInFile(args, world)
  return withOrders(args, world, async (connection) => {
    const { environment, view } = await flagOf(connection.client, key, args)
    const to = edited(whole ?? view.flag, variant ?? null, args)
    const wish = { do: 'write', environment, items: [{ flag: key, to, base: view.rev }] } as const
    return orderFlip(connection, wish, args, world)
  })
}

export async function archiveFlag(args: Args, world: World, words: readonly string[]): Promise<number> {
  const key = keyIn(words, 'archive')
  return withOrders(args, world, async (connection) => {
    const { environment, view } = await flagOf(connection.client, key, args)
    const wish = { do: 'write', environment, items: [{ flag: key, to: null, base: view.rev }] } as const
    return orderFlip(connection, wish, args, world)
  })
}

async function flagOf(
  client: Client,
  key: string,
  args: Args,
): Promise<Readonly<{ environment: string; view: FlagView }>> {
  const query = { environment: environmentOf(args) }
  const { environment, flag } = await client.call('GET /api/flags/:key', { params: { key }, query })
  return { environment, view: flag }
}

/** The definition in a file, as it is: what may be in it is for the hub to say. */
async function flagInFile(args: Args, world: World): Promise<Flag | null> {
  const file = args.text('file')
  if (file === null) return null
  const text = await readFile(resolve(world.cwd, file), 'utf8').catch(() => null)
  if (text === null) throw usage(`there is no file ${file}`, 'give one that holds a flag in JSON')
  try {
    return JSON.parse(text) as Flag
  } catch (cause) {
    throw usage(`${file} is no JSON: ${cause instanceof Error ? cause.message : ''}`, 'mend it')
  }
}
