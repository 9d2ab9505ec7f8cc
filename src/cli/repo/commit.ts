import type { Client } from '../../api/client/client.ts'
import type { CommitDetail, CommitPlan } from '../../api/wire/code.ts'
import { type Paint, paintFor, tame } from '../../words/paint.ts'
import { ago } from '../../words/time.ts'
import { troubleText } from '../../words/trouble.ts'
import type { Args } from '../args.ts'
import { lineText } from '../text/plan.ts'
import type { World } from '../world.ts'

/** `tandem repo commit NAME [COMMIT]`: how its jobs went, where it is live, and what it would do to hosts. */
export async function showCommit(client: Client, repo: string, args: Args, world: World): Promise<number> {
  const commit = args.words[2] ?? (await client.call('GET /api/repos/:repo', { params: { repo } })).repo.trunk
  const detail = await client.call('GET /api/repos/:repo/commits/:commit', { params: { repo, commit } })
  const page = { paint: paintFor(world.screen()), now: world.now() }
  world.out(args.has('json') ? JSON.stringify(detail) : commitText(detail, page).join('\n'))
  return 0
}

type Page = Readonly<{ paint: Paint; now: number }>

export function commitText(
  { commit, refs, runs, live, changes, plan }: CommitDetail,
  page: Page,
): readonly string[] {
  const { paint, now } = page
  const [run] = runs
  return [
    `${paint.link(commit.hash)}  ${tame(commit.subject)}`,
    `by ${tame(commit.author)}, ${ago(commit.at, now)}${refs.length === 0 ? '' : `; head of ${refs.map(tame).join(', ')}`}`,
    run === undefined ? paint.dim('nothing has run on it') : `run ${run.id}: ${run.outcome ?? 'runs'}`,
    ...live.map(({ app, environment, change, since }) => {
      return `live in ${tame(app)}@${tame(environment)} since ${ago(since, now)}, by ${change}`
    }),
    ...(changes.length === 0 ? [] : [`changes: ${changes.join(', ')}`]),
    ...(plan === null ? [] : ['', ...commitPlanText(plan, page)]),
  ]
}

function commitPlanText(plan: CommitPlan, { paint, now }: Page): readonly string[] {
  const { state, at, text, lines, cut, warnings, trouble, next } = plan
  const head = `plan ${state}, ${ago(at, now)}: ${tame(text)}`
  if (trouble !== null) return [paint.bad(head), troubleText(trouble, paint)]
  return [
    state === 'planned' ? paint.good(head) : head,
    ...warnings.map((warning) => paint.care(tame(warning))),
    ...lines.map((line) => lineText(line, paint)),
    ...(cut === 0 ? [] : [paint.dim(`… ${cut} more lines: tandem plan --commit ${plan.commit}`)]),
    ...(next === null ? [] : [paint.bold(next)]),
  ]
}
