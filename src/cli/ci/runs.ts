import type { Client } from '../../api/client/client.ts'
import type { Run } from '../../store/runs.ts'
import { type Args, numberIn, usage } from '../args.ts'
import { choice, type Command, hubOptions, option } from '../command.ts'
import { withHub } from '../hub/reach/connect.ts'
import { outcomeTone } from '../text/outcome-tone.ts'
import { type Page, pageOf } from '../text/page.ts'
import { cell, table } from '../text/table.ts'
import { ago, took } from '../../words/time.ts'
import type { World } from '../world.ts'

export const command: Command = {
  usage: [
    'runs [--repo NAME] [--ref REF] [--limit N]',
    'runs show RUN',
    'runs log RUN [JOB] [-f]',
    'runs cancel RUN',
    'runs again RUN',
  ],
  about:
    'The runs of the jobs at the hub, newest first. `show` tells how each job went; `log` shows what a job printed, ' +
    'without JOB the first that failed; with -f it goes on to the end of the job, and exits with 0 if it passed and 1 if ' +
    'not. `cancel` ends a run; `again` runs its commit once more.',
  options: {
    repo: option('NAME', 'only those of one repository'),
    ref: option('REF', 'only those of one branch, or of a ref in full, like refs/pull/3/head'),
    limit: option('N', 'how many, at most 200 (otherwise: 20)'),
    follow: choice('go on to the end of the job', 'f'),
    verbose: choice('show every line of the log', 'v'),
    ...hubOptions,
  },
  most: 3,
  run: (args, world) => {
    const [action, id, job] = args.words
    if (action === undefined) return withHub(args, world, ({ client }) => list(client, args, world))
    const act = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (act === undefined || id === undefined || (job !== undefined && action !== 'log'))
      throw usage('runs what?', 'write `tandem runs`, `tandem runs show r12`, or see `tandem help runs`')
    return withHub(args, world, ({ client }) => act(client, id, args, world))
  },
}

type Act = (client: Client, id: string, args: Args, world: World) => Promise<number>

/** Long ones stand in files of their own, loaded only when they are asked for. */
export const actions: Readonly<Record<string, Act>> = {
  show: async (...asked) => (await import('./runs-show.ts')).showRun(...asked),
  log: async (...asked) => (await import('./runs-log.ts')).showLog(...asked),
  cancel: async (client, id, args, world) => {
    await client.call('POST /api/runs/:run/cancel', { params: { run: id } })
    world.out(args.has('json') ? JSON.stringify({ run: id, ok: true }) : `${id} is being cancelled`)
    return 0
  },
  again: async (client, id, args, world) => {
    const { run } = await client.call('POST /api/runs/:run/again', { params: { run: id } })
    const next = `${run.id} runs ${run.commit.slice(0, 7)} of ${run.repo} again: tandem runs show ${run.id}`
    world.out(args.has('json') ? JSON.stringify({ run }) : next)
    return 0
  },
}

export async function list(client: Client, args: Args, world: World): Promise<number> {
  const limit = numberIn(args, 'limit', { least: 1, most: 200, otherwise: 20 })
  const named = args.text('ref')
  const ref = named === null || named.startsWith('refs/') ? named : `refs/heads/${named}`
  const { runs } = await client.call('GET /api/runs', { query: { repo: args.text('repo'), ref, limit } })
  const page = pageOf(world)
  world.out(args.has('json') ? JSON.stringify({ runs }) : runsText(runs, page).join('\n'))
  return 0
}

export function runsText(runs: readonly Run[], page: Page): readonly string[] {
  if (runs.length === 0) return [page.paint.dim('no runs here: a push to a repository of the hub makes one')]
  const rows = runs.map((run) => [
    cell(run.id, 'link'),
    cell(statusOf(run), outcomeTone(run.outcome)),
    cell(ago(run.orderedAt, page.now)),
    cell(run.endedAt === null ? '' : took(run.endedAt - run.orderedAt)),
    cell(run.repo),
    cell(run.ref.replace(/^refs\/(?:heads\/)?/, '')),
    cell(run.commit.slice(0, 7), 'link'),
    cell(run.who),
    cell(run.subject),
  ])
  return table(['RUN', 'STATUS', 'WHEN', 'TOOK', 'REPO', 'REF', 'COMMIT', 'WHO', 'WHAT'], rows, page)
}

/** In a word: how it ended, or whether it has begun. */
export function statusOf({ outcome, jobs }: Pick<Run, 'outcome' | 'jobs'>): string {
  return outcome ?? (jobs.some(({ status }) => status !== 'waiting') ? 'running' : 'waiting')
}
