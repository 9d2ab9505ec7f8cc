import { usage } from '../args.ts'
import { type Command, hubOptions, verboseOption } from '../command.ts'
import { follow } from '../follow/follow.ts'
import { withOrders } from '../hub/reach/connect.ts'

export const command: Command = {
  usage: ['stop CHANGE'],
  about: 'Asks an open change to stop and undo what it did, and follows it to its end.',
  options: { ...verboseOption, ...hubOptions },
  most: 1,
  run: (args, world) =>
    withOrders(args, world, async (connection) => {
      const [id] = args.words
      if (id === undefined) throw usage('stop which change?', 'write `tandem stop c12`; see `tandem status`')
      await connection.client.call('POST /api/changes/:id/stop', { params: { id } })
      return stoppedExit(await follow(connection, async () => id, args, world))
    }),
}

/** To stop was the wish: a change that was undone or never began is success, one that got done all the same is not. */
function stoppedExit(exit: number): number {
  if (exit === 0) return 1
  return exit === 1 || exit === 3 ? 0 : exit
}
