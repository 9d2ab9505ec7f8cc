import type { Client } from '../../api/client/client.ts'
import type { ChangeDetail } from '../../api/wire/wire.ts'
import { type Args, usage } from '../args.ts'
import { choice, type Command, hubOptions, verboseOption } from '../command.ts'
import { follow } from '../follow/follow.ts'
import { withHub } from '../hub/reach/connect.ts'
import { makeTeller } from '../text/lines.ts'
import { type Paint, paintFor, tame } from '../../words/paint.ts'
import { planBody } from '../text/plan.ts'
import { statusTone } from '../text/status-tone.ts'
import { clock, stamp, took } from '../../words/time.ts'
import { troubleText } from '../../words/trouble.ts'
import type { World } from '../world.ts'

const logPage = 1_000
const logLimit = 20_000

export const command: Command = {
  usage: ['show CHANGE [--log]', 'show CHANGE -f'],
  about: 'Everything about one change: the order, the plan, what happened, and how it ended.',
  options: {
    follow: choice('follow it to its end', 'f'),
    log: choice('also what its steps printed'),
    ...verboseOption,
    ...hubOptions,
  },
  most: 1,
  run: (args, world) =>
    withHub(args, world, async (connection) => {
      const [id] = args.words
      if (id === undefined) throw usage('show which change?', 'write `tandem show c12`; see `tandem log`')
      const { client } = connection
      const detail = await client.call('GET /api/changes/:id', { params: { id } })
      if (args.has('follow')) return follow({ ...connection, drives: false }, async () => id, args, world)
      return show(client, detail, args, world)
    }),
}

async function show(client: Client, detail: ChangeDetail, args: Args, world: World): Promise<number> {
  const { id } = detail.change
  const lines = args.has('log') ? await logOf(client, id) : []
  if (args.has('json')) {
    world.out(JSON.stringify(args.has('log') ? { ...detail, log: lines } : detail))
    return 0
  }
  const paint = paintFor(world.screen())
  world.out(detailText(detail, paint))
  for (const line of lines) {
    world.out(
      `${paint.dim(clock(line.at))}  ${tame(line.host ?? line.step)} ${paint.dim('│')} ${tame(line.text)}`,
    )
  }
  return 0
}

async function logOf(client: Client, id: string) {
  const lines = []
  let after = 0
  while (lines.length < logLimit) {
    const page = await client.call('GET /api/changes/:id/log', {
      params: { id },
      query: { after, limit: logPage },
    })
    lines.push(...page.lines)
    after = page.lines.at(-1)?.seq ?? after
    if (page.lines.length < logPage) break
  }
  return lines
}

export function detailText(
  { change, plan, entries, mayRevert, mayStop }: ChangeDetail,
  paint: Paint,
): string {
  const tell = makeTeller(paint)
  const ended = change.endedAt === null ? '' : `, took ${took(change.endedAt - change.orderedAt)}`
  const field = (name: string, text: string) => (text === '' ? [] : [`${paint.dim(name.padEnd(8))}${text}`])
  return [
    `${paint.bold(`${change.id} ${tame(change.title)}`)}`,
    ...field('status', paint[statusTone(change)](change.status)),
    ...field('who', tame(`${change.who} by ${change.door}`)),
    ...field('when', `${stamp(change.orderedAt)}${ended}`),
    ...field('why', tame(change.why)),
    ...field('target', tame(change.target)),
    ...field('reverts', change.reverts ?? ''),
    ...field('taken', change.revertedBy === null ? '' : `back by ${change.revertedBy}`),
    ...field('left', change.fenced.length === 0 ? '' : tame(`behind: ${change.fenced.join(' ')}`)),
    ...(plan === null ? [] : ['', planBody(plan, paint)]),
    '',
    ...entries.map((entry) => tell(entry)),
    ...(change.trouble === null ? [] : ['', troubleText(change.trouble, paint)]),
    ...(mayRevert ? ['', `undo: tandem revert ${change.id}`] : []),
    ...(mayStop ? ['', `stop and undo: tandem stop ${change.id}`] : []),
  ].join('\n')
}
