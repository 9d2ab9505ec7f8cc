import type { Client } from '../../api/client/client.ts'
import type { JobRun, Run } from '../../store/runs.ts'
import type { Args } from '../args.ts'
import { statusOf } from './runs.ts'
import { outcomeTone } from '../text/outcome-tone.ts'
import { tame } from '../../words/paint.ts'
import { type Page, pageOf } from '../text/page.ts'
import { cell, table } from '../text/table.ts'
import { stamp, took } from '../../words/time.ts'
import { troubleText } from '../../words/trouble.ts'
import type { World } from '../world.ts'

export async function showRun(client: Client, id: string, args: Args, world: World): Promise<number> {
  const { run } = await client.call('GET /api/runs/:run', { params: { run: id } })
  const page = pageOf(world)
  world.out(args.has('json') ? JSON.stringify({ run }) : runText(run, page).join('\n'))
  return 0
}

export function runText(run: Run, page: Page): readonly string[] {
  const { paint } = page
  const ended = run.endedAt === null ? '' : `, took ${took(run.endedAt - run.orderedAt)}`
  const field = (name: string, text: string | null) =>
    text === null || text === '' ? [] : [`${paint.dim(name.padEnd(9))}${text}`]
  const troubles = [run.trouble, ...run.jobs.map(({ trouble }) => trouble)].filter((one) => one !== null)
  return [
    paint.bold(tame(`${run.id} ${run.repo} ${run.commit.slice(0, 7)} ${run.subject}`)),
    ...field('status', paint[outcomeTone(run.outcome)](statusOf(run))),
    ...field('who', tame(`${run.who} by ${run.door ?? 'the hub'}`)),
    ...field('when', `${stamp(run.orderedAt)}${ended}`),
    ...field('ref', tame(run.ref)),
    ...field('release', run.release),
    ...field('instead', run.supersededBy === null ? '' : `${run.supersededBy} runs a newer commit`),
    ...(run.jobs.length === 0 ? [] : ['', ...jobsTable(run.jobs, page)]),
    ...troubles.flatMap((trouble) => ['', ...troubleText(trouble, paint).split('\n')]),
    '',
    run.outcome === null
      ? `end it: tandem runs cancel ${run.id}`
      : `run it once more: tandem runs again ${run.id}`,
  ]
}

function jobsTable(jobs: readonly JobRun[], page: Page): readonly string[] {
  const rows = jobs.map((job) => [
    cell(job.name),
    cell(job.outcome ?? job.status, outcomeTone(job.outcome)),
    cell(job.startedAt === null ? '' : took((job.endedAt ?? page.now) - job.startedAt)),
    cell(job.attempt === 1 ? '' : `attempt ${job.attempt}`, 'care'),
    cell(job.exit === null ? '' : `exit ${job.exit}`, 'dim'),
    cell(job.needs.length === 0 ? '' : `needs ${job.needs.join(', ')}`, 'dim'),
  ])
  return table(['JOB', 'STATUS', 'TOOK', '', '', ''], rows, page)
}
