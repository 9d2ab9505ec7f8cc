import { usage } from '../args.ts'
import { type Command, hubOptions, option, whyOption } from '../command.ts'
import { follow } from '../follow/follow.ts'
import { withOrdersAndConfig } from '../hub/reach/connect.ts'

export const command: Command = {
  usage: ['run WHERE[,WHERE …] -- COMMAND [ARGUMENT …]'],
  about:
    'Runs a command as root on hosts, all at once, and writes down who ran what and why. WHERE is a host, a role or a ' +
    'group. One argument is given to a shell, several are run as they are. What lasts belongs in a recipe.',
  options: {
    limit: option('SECONDS', 'it is ended after this long (otherwise: 60)'),
    ...whyOption,
    ...hubOptions,
  },
  most: 1_000,
  run: (args, world) => {
    const [where, ...words] = args.words
    if (where === undefined || words.length === 0) {
      throw usage('run what, and where?', 'write `tandem run web -- uptime`')
    }
    const [only] = words
    const command = words.length === 1 && only !== undefined ? ['sh', '-c', only] : words
    const limit = args.text('limit')
    if (limit !== null && !/^[1-9]\d{0,3}$/.test(limit)) {
      throw usage(`--limit ${limit} is no number of seconds`, 'give one from 1 to 3600')
    }
    const wish = {
      do: 'run',
      on: where.split(','),
      command,
      ...(limit === null ? {} : { limitMs: Number(limit) * 1_000 }),
    }
    return withOrdersAndConfig(args, world, async (connection) => {
      const body = { kind: 'apply', wish, why: args.text('why') ?? '' }
      const order = async () => (await connection.client.call('POST /api/changes', { body })).id
      // What the command prints is what people came for.
      const chatty = { ...args, has: (name: string) => ['plain', 'verbose'].includes(name) || args.has(name) }
      return follow(connection, order, chatty, world)
    })
  },
}
