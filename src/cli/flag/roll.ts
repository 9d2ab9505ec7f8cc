import type { RollStage } from '../../api/wire/flags.ts'
import { type Args, usage } from '../args.ts'
import { follow } from '../follow/follow.ts'
import { withOrders } from '../hub/reach/connect.ts'
import type { World } from '../world.ts'
import { environmentOf, keyIn, percentIn } from './asked.ts'
import { orderLater } from './later.ts'
import { orderFlip } from './order.ts'
import { watchIn } from './watch.ts'
import { whoIn } from './who.ts'

export async function rollFlag(args: Args, world: World, words: readonly string[]): Promise<number> {
  const [first, serve = 'on', ...rest] = words
  const flag = keyIn([...(first === undefined ? [] : [first]), ...rest], 'roll')
  const stages = await stagesIn(args)
  const [rule, who, watch] = [args.text('rule'), args.text('for'), watchIn(args)]
  return withOrders(args, world, (connection) =>
    orderFlip(
      connection,
      {
        do: 'roll',
        environment: environmentOf(args),
        flag,
        serve,
        stages,
        ...(rule !== null && { rule }),
        ...(who !== null && { when: whoIn(who) }),
        ...(watch.length > 0 && { watch }),
      },
      args,
      world,
    ),
  )
}

/** Asks nothing first: who kills a flag is in a hurry, and `tandem revert` gives it back. */
export async function killFlag(args: Args, world: World, words: readonly string[]): Promise<number> {
  const flag = keyIn(words, 'kill')
  const wish = { do: 'switch', environment: environmentOf(args), flag, on: false } as const
  const body = { kind: 'flip', wish, why: args.text('why') ?? '' }
  return withOrders(args, world, (connection) => {
    if (args.text('at') !== null) return orderLater(connection, wish, args, world)
    const order = async () => (await connection.client.call('POST /api/changes', { body })).id
    return follow(connection, order, args, world)
  })
}

async function stagesIn(args: Args): Promise<readonly RollStage[]> {
  const percents = args.texts('stages').map((written) => percentIn(written, 'stages'))
  const [last] = percents.slice(-1)
  if (last === undefined)
    throw usage('how far shall it come?', 'write --stages 1%,10%,50%,100%, or --stages 20%')
  const written = args.text('hold')
  const { durationMs } = await import('../../config/values/units.ts')
  const holdMs = written === null ? 0 : durationMs(written)
  if (holdMs === null) throw usage(`--hold ${written} is no time`, 'write 10m, 2h or 1d')
  if (percents.length > 1 && written === null)
    throw usage('how long shall each stage be looked at?', 'give --hold, such as --hold 10m')
  // After the last stage as well: that is when most people have it.
  return percents.map((percent) => ({ percent, holdMs }))
}
