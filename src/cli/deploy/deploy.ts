import { type Command, choice, hubOptions, option, verboseOption, whyOption } from '../command.ts'
import { type Args, usage } from '../args.ts'
import { follow } from '../follow/follow.ts'
import { withOrdersAndConfig } from '../hub/reach/connect.ts'

export const untestedOption = { untested: choice('also a commit that did not pass its jobs; needs --why') }

export const command: Command = {
  usage: ['deploy [APP] [REF] [--to ENVIRONMENT] [--why TEXT]', 'deploy APP REF --untested --why TEXT'],
  about: 'Makes a commit of an app live: prepare, canary, the rest. Ctrl-C stops and undoes it.',
  options: {
    to: option('ENV', 'the environment (otherwise: the only one, or production)'),
    ...untestedOption,
    ...whyOption,
    ...verboseOption,
    ...hubOptions,
  },
  most: 2,
  run: (args, world) =>
    withOrdersAndConfig(args, world, async (connection) => {
      const body = deployWish(args.words, args)
      const order = async () => (await connection.client.call('POST /api/changes', { body })).id
      return follow(connection, order, args, world)
    }),
}

/** The order for `deploy APP REF --to ENV`: what is left out is for the kind to fill in. */
export function deployWish(words: readonly string[], args: Args) {
  const [app, ref] = words
  const environment = args.text('to')
  if (args.has('untested') && (args.text('why') ?? '') === '')
    throw usage('nobody says why it goes out untested', 'say it: --untested --why TEXT')
  const wish = {
    ...(app === undefined ? {} : { app }),
    ...(ref === undefined ? {} : { ref }),
    ...(environment === null ? {} : { environment }),
    ...(args.has('untested') ? { untested: true } : {}),
  }
  return { kind: 'deploy', wish, why: args.text('why') ?? '' }
}
