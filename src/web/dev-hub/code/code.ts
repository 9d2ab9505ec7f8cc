import type { CommitView, RefView, RepoView } from '../../../api/wire/code.ts'
import type { Aside, Occurrence } from '../../../change/occurrence.ts'
import { TroubleError } from '../../../change/trouble.ts'
import type { Outcome, Run, RunId } from '../../../store/runs.ts'
import { infraCommits, shopCommits } from './commits.ts'
import { type Files, infraFiles, shopFiles } from './files.ts'
import { infraJobs, type JobSpec, type Logs, pastRun, runOf, shopJobs } from './past-runs.ts'
import { playRun, type RunScene } from './play-run.ts'
import { makePlayTrain, type PlayTrain } from './train.ts'

export type PlayRepo = Readonly<{
  name: string
  commits: readonly CommitView[]
  files: Files
  jobs: readonly JobSpec[]
  apps: readonly string[]
}>

/** Repositories, runs and the train, played. */
export type PlayCode = Readonly<{
  repos: () => readonly PlayRepo[]
  repo: (name: string) => PlayRepo
  make: (name: string, who: string) => RepoView
  view: (repo: PlayRepo) => RepoView
  refs: (repo: PlayRepo) => readonly RefView[]
  runs: () => readonly Run[]
  run: (id: RunId) => Run
  logs: Logs
  order: (wish: RunWish) => Run
  cancel: (id: RunId) => void
  train: PlayTrain
  aside: (about: string, occurrence: Occurrence) => void
}>

export type RunWish = Readonly<{ repo: string; ref: string; commit: string | null; who: string }>

type Told = Readonly<{
  deployed: number
  now: number
  beat: () => Promise<number>
  mayEnd: (job: string) => Promise<void>
  runTold: (run: Run) => void
  aside: (about: string, occurrence: Occurrence, at: number) => Aside
}>

export const trunk = 'refs/heads/main'

/** A branch that somebody has named to see what breaks. */
export const hostileRef = 'refs/heads/x"><img/src=x/onerror=alert(1)>;$(id)'

export function makePlayCode(told: Told): PlayCode {
  const { now } = told
  const repos = new Map<string, PlayRepo>()
  const add = (repo: PlayRepo) => repos.set(repo.name, repo)
  add({
    name: 'shop',
    commits: shopCommits(told.deployed, now),
    files: shopFiles,
    jobs: shopJobs,
    apps: ['shop', 'search'],
  })
  add({ name: 'infra', commits: infraCommits(now), files: infraFiles, jobs: infraJobs, apps: [] })
  tellPushes(repos.get('shop')?.commits ?? [], told)
  const logs: Logs = new Map()
  const runs = new Map(pastRuns([...repos.values()], logs).map((run) => [run.id, run]))
  const newestFirst = () => [...runs.values()].toReversed()
  const cancelled = new Set<RunId>()
  const repo = (name: string) => foundIn(repos, name, 'repository')
  const keep = (run: Run) => {
    runs.set(run.id, run)
    told.runTold(run)
  }
  const order = (wish: RunWish) => {
    const run = ordered(wish, repo(wish.repo), runs.size + 1)
    keep(run)
    const scene: RunScene = {
      ...told,
      logs,
      tell: keep,
      isCancelled: () => cancelled.has(run.id),
      isFailing: wish.ref.includes('bad'),
    }
    // The only way a played run can fail is that the hub closes in the middle of it.
    void playRun(run, scene).catch(() => undefined)
    return run
  }
  const view = (one: PlayRepo) => viewOf(one, newestFirst())
  return {
    repos: () => [...repos.values()],
    repo,
    make: (name, who) => {
      if (repos.has(name))
        throw new TroubleError({ what: `there is a repository ${name} already`, now: 'take another name' })
      add({ name, commits: [], files: {}, jobs: [], apps: [] })
      told.aside(name, { type: 'repo-made', who }, Date.now())
      return view(repo(name))
    },
    view,
    refs: (one) => refsOf(one, newestFirst()),
    runs: newestFirst,
    run: (id) => foundIn(runs, id, 'run'),
    logs,
    order,
    cancel: (id) => void cancelled.add(id),
    train: makePlayTrain(newestFirst, now),
    aside: (about, occurrence) => void told.aside(about, occurrence, Date.now()),
  }
}

/** The newest commits were pushed while the hub listened. */
function tellPushes(commits: readonly CommitView[], { aside }: Told): void {
  for (const { hash, parents, author, subject, at } of commits.slice(0, 3).toReversed()) {
    const moved = { ref: trunk, from: parents[0] ?? null, to: hash }
    aside('shop', { type: 'pushed', ...moved, who: author, door: 'git', subject }, at)
  }
}

function ordered(wish: RunWish, { commits, jobs }: PlayRepo, number: number): Run {
  const { repo, ref, who } = wish
  const commit = commits.find(({ hash }) => hash === wish.commit) ?? commits[0]
  if (commit === undefined)
    throw new TroubleError({ what: `nothing was pushed to ${repo} yet`, now: 'push something' })
  return { ...runOf({ number, commit, jobs, repo, ref }), who, door: 'web', orderedAt: Date.now() }
}

function foundIn<T>(all: ReadonlyMap<string, T>, name: string, what: string): T {
  const found = all.get(name)
  if (found === undefined)
    throw new TroubleError({ what: `there is no ${what} ${name}`, now: `look at the list of them` })
  return found
}

const odd: Readonly<Record<number, Outcome>> = {
  4: 'failed',
  6: 'flaky',
  8: 'cancelled',
  11: 'timed out',
  15: 'lost',
}

/** One run for each commit of each repository, oldest first; now and then one did not go well. */
function pastRuns(repos: readonly PlayRepo[], logs: Logs): readonly Run[] {
  const pushed = repos
    .flatMap(({ name, commits, jobs }) => commits.map((commit, nth) => ({ repo: name, commit, jobs, nth })))
    .toSorted((a, b) => a.commit.at - b.commit.at)
  return pushed.map(({ repo, commit, jobs, nth }, index) => {
    const outcome = repo === 'infra' ? 'passed' : nth < 2 ? 'passed' : (odd[(nth + 2) % 17] ?? 'passed')
    const ref = repo === 'shop' && nth % 11 === 5 ? hostileRef : trunk
    const run = pastRun({ number: index + 1, repo, commit, ref, outcome, jobs }, logs)
    return outcome === 'cancelled' ? { ...run, supersededBy: `r${index + 2}` } : run
  })
}

const viewOf = ({ name, commits, apps }: PlayRepo, runs: readonly Run[]): RepoView => ({
  repo: name,
  clone: {
    http: `https://tandem.acme.example/git/${name}.git`,
    ssh: `ssh://tandem@acme.example/${name}.git`,
  },
  forge: null,
  trunk: 'main',
  head: commits[0] ?? null,
  branches: name === 'shop' ? 4 : 1,
  bytes: 1_840_233 * commits.length,
  apps,
  isInfra: name === 'infra',
  lastRun: runs.find((run) => run.repo === name) ?? null,
  mirrors:
    name === 'shop'
      ? [{ to: 'git@backup.example:acme/shop.git', at: Date.now() - 300_000, trouble: null }]
      : name === 'infra'
        ? [
            {
              to: 'git@backup.example:acme/infra.git',
              at: Date.now() - 90_000_000,
              trouble: 'no route to host',
            },
          ]
        : [],
  folder:
    name === 'infra' ? { dir: '/srv/infrastructure', commit: commits[0]?.hash ?? null, why: null } : null,
})

function refsOf({ name, commits }: PlayRepo, runs: readonly Run[]): readonly RefView[] {
  const named: readonly (readonly [string, number])[] =
    name === 'shop'
      ? [
          [trunk, 0],
          ['refs/heads/feature/basket-cookie', 1],
          [hostileRef, 5],
          ['refs/heads/bad', 4],
          ['refs/tags/v1.4.0', 9],
          ['refs/tags/v1.3.0', 30],
          ['refs/pull/12/head', 2],
        ]
      : [[trunk, 0]]
  return named.flatMap(([ref, nth]) => {
    const head = commits[nth]
    if (head === undefined) return []
    const kind = ref.startsWith('refs/heads/') ? 'branch' : ref.startsWith('refs/tags/') ? 'tag' : 'request'
    const run = runs.find((one) => one.repo === name && one.commit === head.hash) ?? null
    return [
      {
        ref,
        name: ref.replace(/^refs\/(heads|tags)\//, '').replace(/^refs\/pull\/(\d+)\/head$/, '#$1'),
        kind,
        isProtected: ref === trunk,
        head,
        run,
      },
    ]
  })
}
