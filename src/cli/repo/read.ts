import type { Client } from '../../api/client/client.ts'
import type { CommitView, RefView, RepoView } from '../../api/wire/code.ts'
import { TroubleError } from '../../change/trouble.ts'
import { type Args, numberIn } from '../args.ts'
import { tame } from '../../words/paint.ts'
import { type Page, pageOf } from '../text/page.ts'
import { type Cell, cell, table } from '../text/table.ts'
import { ago } from '../../words/time.ts'
import type { World } from '../world.ts'

/** `tandem repo list`: what the hub knows. */
export async function listRepos(client: Client, args: Args, world: World): Promise<number> {
  const { repos } = await client.call('GET /api/repos')
  world.out(args.has('json') ? JSON.stringify({ repos }) : reposText(repos, pageOf(world)).join('\n'))
  return 0
}

/** `tandem repo show NAME`: one of them, with its refs. */
export async function showRepo(client: Client, repo: string, args: Args, world: World): Promise<number> {
  const shown = await client.call('GET /api/repos/:repo', { params: { repo } })
  world.out(args.has('json') ? JSON.stringify(shown) : repoText(shown, pageOf(world)).join('\n'))
  return 0
}

/** `tandem repo log NAME`: its commits, newest first. */
export async function logRepo(client: Client, repo: string, args: Args, world: World): Promise<number> {
  const limit = numberIn(args, 'limit', { least: 1, most: 200, otherwise: 20 })
  const query = { ref: args.text('ref') ?? '', path: args.text('path') ?? '', limit }
  const page = await client.call('GET /api/repos/:repo/commits', { params: { repo }, query })
  world.out(args.has('json') ? JSON.stringify(page) : commitsText(page.commits, pageOf(world)).join('\n'))
  return 0
}

/** `tandem repo clone-url NAME`: an address for `git clone`, and nothing else. */
export async function cloneUrl(client: Client, repo: string, args: Args, world: World): Promise<number> {
  const { clone } = (await client.call('GET /api/repos/:repo', { params: { repo } })).repo
  if (args.has('json')) world.out(JSON.stringify({ clone }))
  else if (clone.http.startsWith('/')) {
    throw new TroubleError({
      what: `tandem.ts does not say where people reach the hub: ${clone.http} is all that is known`,
      where: repo,
      now: "write `url: 'https://…'` into tandem.ts",
    })
  } else world.out(clone.http)
  return 0
}

export function reposText(repos: readonly RepoView[], page: Page): readonly string[] {
  if (repos.length === 0)
    return [
      page.paint.dim('no repositories yet: `tandem repo new NAME` writes one into `repos` of tandem.ts'),
    ]
  const rows = repos.map(({ repo, trunk, head, branches, apps, isInfra, forge }) => [
    cell(repo),
    cell(trunk),
    ...headCells(head, page),
    cell(String(branches)),
    cell([...apps, ...(isInfra ? ['tandem.ts'] : [])].join(', ')),
    cell(forge === null ? '' : forge.url, 'dim'),
  ])
  return table(['REPO', 'TRUNK', 'HEAD', 'WHEN', 'WHAT', 'BRANCHES', 'FOR', 'FORGE'], rows, page)
}

const headCells = (head: CommitView | null, { now }: Page): readonly Cell[] =>
  head === null
    ? [cell('-', 'dim'), cell(''), cell('nothing was pushed yet', 'dim')]
    : [cell(head.hash.slice(0, 7), 'link'), cell(ago(head.at, now)), cell(head.subject)]

export function repoText(
  { repo, refs }: Readonly<{ repo: RepoView; refs: readonly RefView[] }>,
  page: Page,
): readonly string[] {
  const rows = refs.map(({ name, kind, isProtected, head, run }) => [
    cell(name),
    cell(isProtected ? `${kind}, protected` : kind),
    ...headCells(head, page),
    cell(run === null ? '' : `${run.id} ${run.outcome ?? 'runs'}`),
  ])
  return [
    ...reposText([repo], page),
    `clone: ${tame(repo.clone.http)}`,
    ...repo.mirrors.map(({ to, at, trouble }) => {
      const last = at === null ? 'not mirrored yet' : (trouble ?? ago(at, page.now))
      return `mirror: ${tame(to)}: ${tame(last)}`
    }),
    ...folderLines(repo),
    ...(rows.length === 0 ? [] : ['', ...table(['REF', 'KIND', 'HEAD', 'WHEN', 'WHAT', 'RUN'], rows, page)]),
  ]
}

/** Where the hub itself has `tandem.ts` from. */
function folderLines({ folder, trunk }: RepoView): readonly string[] {
  if (folder === null) return []
  const { dir, commit, why } = folder
  const at = commit === null ? '' : ` at ${commit.slice(0, 7)}`
  const how = why === null ? `, follows ${trunk}` : `, stays as it is: ${why}`
  return [`the hub uses ${tame(`${dir}${at}${how}`)}`]
}

export function commitsText(commits: readonly CommitView[], page: Page): readonly string[] {
  if (commits.length === 0) return [page.paint.dim('nothing was committed here')]
  const rows = commits.map(({ hash, at, author, subject }) => [
    cell(hash.slice(0, 7), 'link'),
    cell(ago(at, page.now)),
    cell(author),
    cell(subject),
  ])
  return table(['COMMIT', 'WHEN', 'WHO', 'WHAT'], rows, page)
}
