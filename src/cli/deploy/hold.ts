import { usage } from '../args.ts'
import { type Command, hubOptions, option } from '../command.ts'
import { withHub } from '../hub/reach/connect.ts'
import { stamp } from '../../words/time.ts'

export const command: Command = {
  usage: ['hold TARGET --why TEXT [--for 2h]'],
  about:
    'Lets nothing go out by itself to a target, like shop@production. People can still deploy there by hand.',
  options: {
    why: option('TEXT', 'the reason, for everybody who waits'),
    for: option('TIME', 'how long: 30m, 2h, 1d (otherwise: until it is released)'),
    ...hubOptions,
  },
  most: 1,
  run: (args, world) =>
    withHub(args, world, async ({ client }) => {
      const [target] = args.words
      const why = args.text('why') ?? ''
      if (target === undefined || why === '')
        throw usage('hold what, and why?', 'write `tandem hold shop@production --why "the sale is on"`')
      const written = args.text('for')
      const { durationMs } = await import('../../config/values/units.ts')
      const ms = written === null ? null : durationMs(written)
      if (written !== null && ms === null) throw usage(`--for ${written} is no time`, 'write 30m, 2h or 1d')
      const until = ms === null ? null : world.now() + ms
      const { hold } = await client.call('POST /api/holds', { body: { target, why, until } })
      const end = until === null ? 'until `tandem release`' : `until ${stamp(until)}`
      world.out(args.has('json') ? JSON.stringify({ hold }) : `${target} is held ${end}: ${why}`)
      return 0
    }),
}
