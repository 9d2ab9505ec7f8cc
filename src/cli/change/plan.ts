import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Client } from '../../api/client/client.ts'
import type { Plan } from '../../change/plan.ts'
import { applyWish } from '../infra/apply.ts'
import { type Args, usage } from '../args.ts'
import { type Command, choice, commitOption, hubOptions, option } from '../command.ts'
import { deployWish } from '../deploy/deploy.ts'
import { withHubAndConfig } from '../hub/reach/connect.ts'
import { revertWish } from './revert.ts'
import { paintFor } from '../../words/paint.ts'
import { planText } from '../text/plan.ts'
import type { World } from '../world.ts'

export const command: Command = {
  usage: [
    'plan [apply] [ROLE | GROUP | HOST …] [--commit REF] [--save FILE] [--program]',
    'plan deploy [APP] [REF] [--to ENVIRONMENT]',
    'plan revert [CHANGE | APP] [--to ENVIRONMENT]',
  ],
  about:
    'Shows what the order would do, step by step, and does nothing. Without a word it is an apply to all hosts that have ' +
    'a recipe; in a project without recipes, a deploy.',
  options: {
    to: option('ENV', 'the environment'),
    ...commitOption,
    save: option('FILE', 'keep the plan of an apply for `tandem apply --plan FILE`'),
    program: choice('print the programs that an apply would send to the hosts'),
    ...hubOptions,
  },
  most: 500,
  run: (args, world) =>
    withHubAndConfig(args, world, async ({ client }) => {
      if (args.has('program')) return showPrograms(client, args, world)
      const planned = await ask(client, args, world)
      await save(planned.plan, args, world)
      if (args.has('json')) world.out(JSON.stringify(planned))
      else world.out(planText(planned.plan, paintFor(world.screen())))
      return 0
    }),
}

/** What `tandem apply --plan` needs of a plan: it makes the rest again, and compares. */
async function save(plan: Plan, args: Args, world: World): Promise<void> {
  const file = args.text('save')
  if (file === null) return
  const { outcome } = plan
  const seen =
    typeof outcome === 'object' && outcome !== null && 'digests' in outcome ? outcome.digests : null
  if (seen === null)
    throw usage('only the plan of an apply can be kept', 'write `tandem plan apply --save FILE`')
  await writeFile(resolve(world.cwd, file), `${JSON.stringify({ seen }, null, 1)}\n`, { mode: 0o600 })
}

async function showPrograms(client: Client, args: Args, world: World): Promise<number> {
  if (args.has('commit'))
    throw usage('programs are printed of the recipes in the folder of the hub', 'leave out --commit')
  const [first, ...rest] = args.words
  const on = first === 'apply' ? rest : args.words
  const { programs } = await client.call('POST /api/programs', { body: { on } })
  if (args.has('json')) world.out(JSON.stringify({ programs }))
  else for (const { host, text } of programs) world.out(`# ${host}\n${text}`)
  return 0
}

async function ask(client: Client, args: Args, world: World) {
  const [order, ...words] = args.words
  if (args.has('commit')) refuseElsewhere(order)
  if (order === 'deploy') return client.call('POST /api/plans', { body: deployWish(words, args) })
  if (order === 'revert') return client.call('POST /api/reverts/plan', { body: revertWish(words, args) })
  if (order === undefined && !args.has('commit') && !(await hasRecipes(client))) {
    return client.call('POST /api/plans', { body: deployWish([], args) })
  }
  const body = await applyWish(order === 'apply' ? words : args.words, args, world)
  return client.call('POST /api/plans', { body })
}

function refuseElsewhere(order: string | undefined): void {
  if (order !== 'deploy' && order !== 'revert') return
  throw usage(`--commit is for an apply, and this is a ${order}`, 'write `tandem plan apply --commit REF`')
}

async function hasRecipes(client: Client): Promise<boolean> {
  const { hub } = await client.call('GET /api/status')
  return hub.recipes.length > 0
}
