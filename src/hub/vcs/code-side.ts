import type { RepoSide } from '../../api/hub-side.ts'
import type { CommitDetail, CommitView, LivePlace, RefView, RepoView } from '../../api/wire/code.ts'
import { type Change, changeOf } from '../../change/change.ts'
import { TroubleError } from '../../change/trouble.ts'
import { inHistoryOrder, testHistory } from '../../ci/reports/history.ts'
import type { TeamConfig } from '../../config/config.ts'
import type { RepoConfig } from '../../config/repo/repo.ts'
import { targetOf } from '../../deploy/deployment.ts'
import { appViews } from '../../deploy/status.ts'
import { infraTarget } from '../../infra/infra-world.ts'
import { commitBrought } from './commit-brought.ts'
import type { CommitPlans } from '../infra/commit-plans.ts'
import type { Following } from '../infra/follow-trunk.ts'
import { searchCommit } from './search-commit.ts'
import type { Run } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import { commitAt, commitsOf } from '../../vcs/browse/commits.ts'
import { diffOf } from '../../vcs/browse/diff.ts'
import { blameAt, blobAt, treeAt } from '../../vcs/browse/files.ts'
import { refsWith, refViews, sizeOf } from '../../vcs/browse/refs.ts'
import type { Repos } from '../../vcs/repos.ts'
import { isThere, repoDir, trunkOf } from '../../vcs/repository.ts'
import { cloneBySsh, sshAddress } from '../../vcs/ssh/ssh-address.ts'

const runsOfCommit = 50
const runsRead = 200
const changesRead = 200
const testsRead = 50_000
const commitsRead = 1_000

type Parts = Readonly<{
  stateDir: string
  store: Store
  config: () => Promise<TeamConfig>
  repos: Pick<Repos, 'git' | 'heed'>
  /** Writes a repository more into `tandem.ts`. */
  addRepo: (repo: string) => Promise<Readonly<{ file: string; config: TeamConfig }>>
  plans: Pick<CommitPlans, 'of' | 'again'>
  following: Pick<Following, 'state'>
}>

/** A repository that is there, and what `tandem.ts` says of it. */
type Known = Readonly<{ repo: string; dir: string; trunk: string; config: RepoConfig; team: TeamConfig }>

/** What people see of the repositories. */
export function codeSide(parts: Parts): RepoSide {
  const { store, config } = parts
  const known = async (repo: string) => knownOf(parts, await config(), repo)
  const at = async (repo: string, ref: string | null) => {
    const { dir, trunk } = await known(repo)
    return { dir, commit: await commitAt(dir, ref ?? trunk) }
  }
  return {
    git: parts.repos.git,
    list: async () => {
      const team = await config()
      const here = await Promise.all(
        Object.keys(team.repos).map((repo) => knownOf(parts, team, repo).catch(notYet)),
      )
      return Promise.all(here.filter((one) => one !== null).map((one) => repoView(parts, one)))
    },
    make: async (repo, who) => {
      const { file, config: team } = await parts.addRepo(repo)
      await parts.repos.heed(team.repos, who)
      return { file, repo: await repoView(parts, await knownOf(parts, team, repo)) }
    },
    show: async (repo) => {
      const one = await known(repo)
      return { repo: await repoView(parts, one), refs: await refsWithRuns(store, one) }
    },
    commits: async (repo, { ref, ...asked }) => {
      const { dir, trunk } = await known(repo)
      if (ref === null && (await headOf(dir, trunk)) === null) return { commits: [], next: null }
      return commitsOf(dir, { ...asked, ref: ref ?? trunk })
    },
    commit: async (repo, hash) => {
      const one = await known(repo)
      return detailOf(parts, one, await commitAt(one.dir, hash))
    },
    plan: async (repo, hash, who) => {
      const { dir, team } = await known(repo)
      if (team.infra.repo !== repo) throw noInfra(repo, team.infra.repo)
      return parts.plans.again(repo, (await commitAt(dir, hash)).hash, who)
    },
    flagPlaces: async (repo, ref, flags) => {
      const { dir, commit } = await at(repo, ref)
      return searchCommit(dir, commit.hash, { where: `${repo} at ${commit.hash.slice(0, 7)}`, flags })
    },
    tree: async (repo, { ref, path }) => {
      const { dir, commit } = await at(repo, ref)
      return { commit, path, items: await treeAt(dir, commit.hash, path) }
    },
    blob: async (repo, { ref, path }) => {
      const { dir, commit } = await at(repo, ref)
      return { commit, blob: await blobAt(dir, commit.hash, path) }
    },
    blame: async (repo, { ref, path }) => {
      const { dir, commit } = await at(repo, ref)
      return { commit, lines: await blameAt(dir, commit.hash, path) }
    },
    asides: async (repo, asked) => store.ledger.asides({ about: (await known(repo)).repo, ...asked }),
    tests: async (repo, sort) => inHistoryOrder(await testsOf(store, await known(repo)), sort),
  }
}

async function knownOf({ stateDir }: Parts, team: TeamConfig, repo: string): Promise<Known> {
  const config = Object.hasOwn(team.repos, repo) ? team.repos[repo] : undefined
  const dir = repoDir(stateDir, repo)
  if (config !== undefined && (await isThere(dir))) {
    return { repo, dir, trunk: trunkOf(config), config, team }
  }
  throw new TroubleError({
    what: `the hub has no repository ${JSON.stringify(repo.slice(0, 100))}`,
    now:
      config === undefined
        ? 'name it in `repos` of tandem.ts, or see `tandem repo list`'
        : 'it is made by the hub within two seconds: is `tandem hub` running?',
  })
}

/** One that nobody has made yet is not listed. */
function notYet(thrown: unknown): null {
  if (thrown instanceof TroubleError) return null
  throw thrown
}

async function headOf(dir: string, trunk: string): Promise<CommitView | null> {
  try {
    return await commitAt(dir, trunk)
  } catch (thrown) {
    if (thrown instanceof TroubleError) return null
    throw thrown
  }
}

async function repoView(
  { store, following, stateDir }: Parts,
  { repo, dir, trunk, config, team }: Known,
): Promise<RepoView> {
  const query = { repo, commit: null, ref: null, before: null, limit: 1 }
  const [head, size, [lastRun = null], ssh] = await Promise.all([
    headOf(dir, trunk),
    sizeOf(dir),
    store.runs.list(query),
    sshAddress(stateDir, team.url),
  ])
  const { forge, mirrors } = config
  return {
    repo,
    clone: { http: `${team.url ?? ''}/git/${repo}.git`, ssh: ssh === null ? null : cloneBySsh(ssh, repo) },
    forge: forge === null ? null : { kind: forge.kind, url: forge.url },
    trunk,
    head,
    ...size,
    apps: appsOf(team, repo),
    isInfra: team.infra.repo === repo,
    lastRun,
    mirrors: await mirrorsOf(store, repo, mirrors),
    folder: team.infra.repo === repo ? following.state() : null,
  }
}

const appsOf = ({ apps }: TeamConfig, repo: string): readonly string[] =>
  Object.keys(apps).filter((app) => apps[app]?.repo === repo)

async function mirrorsOf(
  store: Store,
  repo: string,
  mirrors: readonly string[],
): Promise<RepoView['mirrors']> {
  if (mirrors.length === 0) return []
  const asides = await store.ledger.asides({ about: repo, before: null, limit: 200 })
  return mirrors.map((to) => {
    const last = asides.find((aside) => aside.type === 'mirrored' && aside.to === to)
    const trouble = last?.type === 'mirrored' ? last.trouble : null
    return { to, at: last?.at ?? null, trouble }
  })
}

async function refsWithRuns(store: Store, { repo, dir, config }: Known): Promise<readonly RefView[]> {
  const [refs, runs] = await Promise.all([
    refViews(dir, config),
    store.runs.list({ repo, commit: null, ref: null, before: null, limit: runsRead }),
  ])
  const newest = new Map<string, Run>()
  for (const run of runs) if (!newest.has(run.commit)) newest.set(run.commit, run)
  return refs.map((ref) => ({ ...ref, run: newest.get(ref.head.hash) ?? null }))
}

async function detailOf({ store, plans }: Parts, known: Known, commit: CommitView): Promise<CommitDetail> {
  const { repo, dir, team } = known
  const { hash } = commit
  const [diff, refs, runs, live, changes, plan] = await Promise.all([
    diffOf(dir, commit),
    refsWith(dir, hash),
    store.runs.list({ repo, commit: hash, ref: null, before: null, limit: runsOfCommit }),
    liveOf(store, known, hash),
    changesOf(store, team, repo, hash),
    plans.of(repo, hash),
  ])
  return { commit, ...diff, refs, runs, live, changes, plan }
}

const noInfra = (repo: string, infra: string | null): TroubleError =>
  new TroubleError({
    what: `${repo} is not the repository of the infrastructure`,
    where: 'tandem.ts',
    now: infra === null ? `say infra: { repo: '${repo}' }` : `that is ${infra}`,
  })

async function liveOf(store: Store, { repo, team }: Known, hash: string): Promise<readonly LivePlace[]> {
  const apps = appsOf(team, repo)
  const views = await appViews(store, team, [])
  return views.flatMap(({ app, environment, commit, change, since, release }) =>
    commit !== hash || !apps.includes(app) || change === null || since === null || release === null
      ? []
      : [{ app, environment, change, since, release }],
  )
}

async function changesOf(
  store: Store,
  team: TeamConfig,
  repo: string,
  hash: string,
): Promise<readonly string[]> {
  const targets = appsOf(team, repo).flatMap((app) =>
    Object.keys(team.apps[app]?.environments ?? {}).map((environment) => targetOf(app, environment)),
  )
  const isInfra = team.infra.repo === repo
  const all = [...targets, ...(isInfra ? [infraTarget] : [])]
  const changes = await Promise.all(all.map((target) => lastChanges(store, target)))
  const named = changes.flat().filter((change) => commitBrought(change) === hash)
  return named.toSorted((a, b) => b.orderedAt - a.orderedAt).map(({ id }) => id)
}

/** Of one target, however they ended or while they go on: who looks at a commit wants to know that it was undone. */
async function lastChanges(store: Store, target: string): Promise<readonly Change[]> {
  const ids = await store.ledger.changes({ target, before: null, limit: changesRead })
  return (await store.ledger.ofMany(ids)).map((entries) => changeOf(entries, null))
}

async function testsOf(store: Store, { repo, dir, trunk }: Known) {
  const kept = await store.runs.tests(repo, testsRead)
  if (kept.length === 0 || (await headOf(dir, trunk)) === null) return testHistory(kept, nothingKnown(trunk))
  const log = { ref: trunk, path: '', after: null, limit: commitsRead }
  const { commits } = await commitsOf(dir, log)
  const trees = new Map(commits.map(({ hash, tree }) => [hash, tree]))
  return testHistory(kept, {
    trunk: `refs/heads/${trunk}`,
    commits: commits.map(({ hash }) => hash),
    treeOf: (commit) => trees.get(commit) ?? null,
  })
}

const nothingKnown = (trunk: string) => ({
  trunk: `refs/heads/${trunk}`,
  commits: [],
  treeOf: () => null,
})
