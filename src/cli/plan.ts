import { type Args, usage } from './args.ts'
import { type Command, hubOptions, option } from './command.ts'
import type { Client } from '../api/client.ts'
import { deployWish } from './deploy.ts'
import { withHubAndConfig } from './hubs/connect.ts'
import { revertWish } from './revert.ts'
import { paintFor } from './text/paint.ts'
import { planText } from './text/plan.ts'

export const command: Command = {
  usage: [
    'plan',
    'plan deploy [APP] [REF] [--to ENVIRONMENT]',
    'plan revert [CHANGE | APP] [--to ENVIRONMENT]',
  ],
  about: 'Shows what the order (a deploy, if none is named) would do, step by step, and does nothing.',
  options: { to: option('ENV', 'the environment'), ...hubOptions },
  most: 3,
  run: (args, world) =>
    withHubAndConfig(args, world, async ({ client }) => {
      const planned = await ask(client, args)
      if (args.has('json')) world.out(JSON.stringify(planned))
      else world.out(planText(planned.plan, paintFor(world.screen())))
      return 0
    }),
}

async function ask(client: Client, args: Args) {
  const [order = 'deploy', ...words] = args.words
  if (order === 'deploy') return client.call('POST /api/plans', { body: deployWish(words, args) })
  if (order === 'revert') return client.call('POST /api/reverts/plan', { body: revertWish(words, args) })
  throw usage(`plan knows no '${order}'`, 'write `tandem plan deploy …` or `tandem plan revert …`')
}
