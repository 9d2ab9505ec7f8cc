import { usage } from '../args.ts'
import { type Command, hubOptions, option } from '../command.ts'
import { withHub } from '../hub/reach/connect.ts'

export const command: Command = {
  usage: ['overrule CHANGE --why "…"'],
  about: 'Lets a change that runs go on whatever its watch says. It is written down with your name.',
  options: { why: option('TEXT', 'why you know better'), ...hubOptions },
  most: 1,
  run: (args, world) =>
    withHub(args, world, async ({ client }) => {
      const [id] = args.words
      const why = args.text('why') ?? ''
      if (id === undefined || why === '') {
        throw usage(
          'overrule which change, and why?',
          'write `tandem overrule c12 --why "the alert is known"`',
        )
      }
      await client.call('POST /api/changes/:id/overrule', { params: { id }, body: { why } })
      world.out(
        args.has('json')
          ? JSON.stringify({ change: id, overruled: true })
          : `${id} goes on whatever its watch says`,
      )
      return 0
    }),
}
