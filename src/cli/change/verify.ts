import { type Command, hubOptions } from '../command.ts'
import { withHub } from '../hub/reach/connect.ts'
import { paintFor } from '../../words/paint.ts'
import { troubleText } from '../../words/trouble.ts'

export const command: Command = {
  usage: ['verify'],
  about:
    'Walks the whole ledger and finds any entry that was changed, lost or put elsewhere. One that was needs a person: ' +
    'exit code 4.',
  options: hubOptions,
  most: 0,
  run: (args, world) =>
    withHub(args, world, async ({ client }) => {
      const found = await client.call('GET /api/verify')
      const paint = paintFor(world.screen())
      if (args.has('json')) world.out(JSON.stringify(found))
      else if (found.bad === null)
        world.out(`${paint.good('✓')} ${found.entries} entries, head ${found.head}`)
      else {
        world.out(
          troubleText(
            {
              what: `entry ${found.bad.seq} of the ledger does not fit: ${found.bad.why}`,
              now: 'compare it with a backup: what was written before this entry still holds',
            },
            paint,
          ),
        )
      }
      return found.bad === null ? 0 : 4
    }),
}
