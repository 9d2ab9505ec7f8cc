import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Args, usage } from '../args.ts'
import {
  type Command,
  choice,
  commitOption,
  hubOptions,
  option,
  verboseOption,
  whyOption,
} from '../command.ts'
import { follow } from '../follow/follow.ts'
import { withOrdersAndConfig } from '../hub/reach/connect.ts'
import type { World } from '../world.ts'

export const command: Command = {
  usage: ['apply [ROLE | GROUP | HOST …] [--commit REF] [--drift] [--plan FILE] [--why TEXT]'],
  about:
    'Makes hosts as their recipes say: one host first, then the rest. Without a name, all hosts that have a recipe. ' +
    'Ctrl-C stops and undoes it.',
  options: {
    ...commitOption,
    drift: choice('only hosts that were altered since the last apply'),
    plan: option('FILE', 'only what a plan kept with `tandem plan --save FILE` has shown'),
    ...whyOption,
    ...verboseOption,
    ...hubOptions,
  },
  most: 500,
  run: (args, world) =>
    withOrdersAndConfig(args, world, async (connection) => {
      const body = await applyWish(args.words, args, world)
      const order = async () => (await connection.client.call('POST /api/changes', { body })).id
      return follow(connection, order, args, world)
    }),
}

/** The order for `apply web db1`. */
export async function applyWish(words: readonly string[], args: Args, world: World) {
  const file = args.text('plan')
  const seen = file === null ? {} : { seen: await savedPlan(file, world) }
  const drift = args.has('drift') ? { drift: true } : {}
  const ref = args.text('commit')
  const commit = ref === null ? {} : { commit: ref }
  const wish = { do: 'recipes', on: words, ...seen, ...drift, ...commit }
  return { kind: 'apply', wish, why: args.text('why') ?? '' }
}

/** What `tandem plan --save` keeps: the digests of what was seen and of what will be, by host and resource. */
async function savedPlan(file: string, world: World) {
  const text = await readFile(resolve(world.cwd, file), 'utf8').catch(() => null)
  if (text === null) throw usage(`there is no plan in ${file}`, 'keep one first: tandem plan --save FILE')
  const saved = parsed(text)
  if (saved !== null) return saved
  throw usage(`${file} holds no plan`, 'keep one with `tandem plan --save FILE`')
}

function parsed(text: string): unknown {
  try {
    const saved: unknown = JSON.parse(text)
    return typeof saved === 'object' && saved !== null && 'seen' in saved ? saved.seen : null
  } catch {
    return null
  }
}
