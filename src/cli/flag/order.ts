import type { FlipWish } from '../../api/wire/flags.ts'
import { paintFor, tame } from '../../words/paint.ts'
import type { Args } from '../args.ts'
import { askYes } from '../ask-yes.ts'
import { follow } from '../follow/follow.ts'
import type { Connection } from '../hub/reach/connect.ts'
import { orderLater } from './later.ts'
import { lineText } from '../text/plan.ts'
import type { World } from '../world.ts'

/** Shows what a flip would do, asks where somebody can be asked, then orders it and shows it to its end. */
export async function orderFlip(
  connection: Connection,
  wish: FlipWish,
  args: Args,
  world: World,
): Promise<number> {
  const body = { kind: 'flip', wish, why: args.text('why') ?? '' }
  const { client } = connection
  const { plan } = await client.call('POST /api/plans', { body })
  const isAsked = world.input.isTTY === true && !args.has('json') && !args.has('yes')
  const isOver = args.has('plan') || plan.stages.length === 0
  if (args.has('json')) {
    if (isOver) world.out(JSON.stringify({ plan }))
  } else {
    const paint = paintFor(world.screen())
    world.out(paint.bold(tame(plan.title)))
    for (const line of plan.lines) world.out(lineText(line, paint))
    for (const warning of plan.warnings) world.out(paint.care(`! ${tame(warning)}`))
  }
  if (isOver) return 0
  if (isAsked && !(await askYes(world, 'make it so?', 'give --yes'))) return 1
  if (args.text('at') !== null) return orderLater(connection, wish, args, world)
  const order = async () => (await client.call('POST /api/changes', { body })).id
  if (!goesOnAlone(connection, wish, args)) return follow(connection, order, args, world)
  const id = await order()
  if (args.has('json')) world.out(JSON.stringify({ id }))
  else
    world.out(
      `${id} goes on by itself: \`tandem show ${id}\` tells how far, \`tandem stop ${id}\` takes it back`,
    )
  return 0
}

/** A rollout that takes its time is left to a hub that runs on. */
function goesOnAlone({ drives }: Connection, wish: FlipWish, args: Args): boolean {
  return wish.do === 'roll' && wish.stages.some(({ holdMs }) => holdMs > 0) && !drives && !args.has('wait')
}
