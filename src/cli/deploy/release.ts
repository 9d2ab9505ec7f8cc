import { usage } from '../args.ts'
import { type Command, hubOptions, whyOption } from '../command.ts'
import { withHub } from '../hub/reach/connect.ts'

export const command: Command = {
  usage: ['release TARGET [--why TEXT]'],
  about: 'Ends the hold of a target: the newest green commit goes out again by itself.',
  options: { ...whyOption, ...hubOptions },
  most: 1,
  run: (args, world) =>
    withHub(args, world, async ({ client }) => {
      const [target] = args.words
      if (target === undefined)
        throw usage(
          'release what?',
          'write `tandem release shop@production`; `tandem train` shows what is held',
        )
      const asking = { params: { target }, query: { why: args.text('why') ?? '' } }
      await client.call('DELETE /api/holds/:target', asking)
      world.out(args.has('json') ? JSON.stringify({ target, released: true }) : `${target} is released`)
      return 0
    }),
}
