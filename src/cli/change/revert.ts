import { type Args, usage } from '../args.ts'
import { type Command, hubOptions, option, verboseOption, whyOption } from '../command.ts'
import { follow } from '../follow/follow.ts'
import { withOrders } from '../hub/reach/connect.ts'

export const command: Command = {
  usage: ['revert [CHANGE] [--why TEXT]', 'revert APP [--to ENVIRONMENT] [--why TEXT]'],
  about: 'Takes back a finished change (c12), or the last one of an app, or the last one of all.',
  options: {
    to: option('ENV', 'with APP: its environment (otherwise: production)'),
    ...whyOption,
    ...verboseOption,
    ...hubOptions,
  },
  most: 1,
  run: (args, world) =>
    withOrders(args, world, async (connection) => {
      const body = revertWish(args.words, args)
      const order = async () => (await connection.client.call('POST /api/reverts', { body })).id
      return follow(connection, order, args, world)
    }),
}

/** The order for `revert c12`, `revert shop --to staging`, `revert shop@staging` or `revert`. */
export function revertWish([written]: readonly string[], args: Args) {
  const why = args.text('why') ?? ''
  const environment = args.text('to')
  const isChange = written !== undefined && /^c\d+$/.test(written)
  if (environment !== null && (written === undefined || isChange || written.includes('@'))) {
    throw usage(
      '--to says the environment of an app, and there is no app here',
      'write `tandem revert APP --to ENV`',
    )
  }
  if (written === undefined) return { change: null, target: null, why }
  if (isChange) return { change: written, target: null, why }
  return {
    change: null,
    target: written.includes('@') ? written : `${written}@${environment ?? 'production'}`,
    why,
  }
}
