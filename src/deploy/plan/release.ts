import type { PlanLine } from '../../change/plan.ts'
import { TroubleError } from '../../change/trouble.ts'
import { artifactDir } from '../../ci/artifact/artifact.ts'
import { digestOfList, listOf } from '../../ci/artifact/list.ts'
import type { Manifest } from '../../ci/artifact/manifest.ts'
import { manifestIn, manifestWith } from '../../ci/artifact/read-artifact.ts'
import { takeArtifact } from '../../ci/kept/take.ts'
import type { Signed } from '../../ci/provenance/shelf.ts'
import { platform } from '../../ci/provenance/sign-run.ts'
import { type Tested, whatWasTested } from '../../ci/provenance/tested.ts'
import type { TeamConfig } from '../../config/config.ts'
import { findApp } from '../../config/find.ts'
import type { Desk } from '../../pipeline/kind.ts'
import type { Run } from '../../store/runs.ts'
import type { Commit } from '../../vcs/commit.ts'
import { build } from '../build/build.ts'
import { type Deployment, short } from '../deployment.ts'
import { type DeployWorld, repoOf } from '../deploy-world.ts'

/** What finding a release needs of the world. */
export type ReleaseWorld = Pick<DeployWorld, 'stateDir' | 'projectDir' | 'version' | 'shelf' | 'store'>

/** A release that can be planned with: there is a signed statement about it. */
export type Release = Pick<Deployment, 'release' | 'files' | 'run'> &
  Readonly<{
    manifest: Manifest
    /** What the plan says of where it comes from. */
    lines: readonly PlanLine[]
    warnings: readonly string[]
  }>

export type ReleaseOrder = Readonly<{
  config: TeamConfig
  app: string
  commit: Commit
  /** Somebody says that it shall go out without having been tested. */
  untested: boolean
  desk: Desk
}>

/**
 * The release of a commit. Where the hub holds the repository, it is the one that was made and tested there; a commit
 * that did not pass is refused, unless somebody says why it goes out all the same.
 */
export async function releaseOf(world: ReleaseWorld, order: ReleaseOrder): Promise<Release> {
  const { config, app, commit } = order
  const { repo } = findApp(config, app)
  if (config.repos[repo] === undefined) return buildIt(world, order, `untested: ${app} has no jobs here`)
  const shelf = await world.shelf()
  const tested = await whatWasTested({ runs: world.store.runs, shelf }, repo, commit)
  switch (tested.type) {
    case 'tested':
      return testedRelease(world, tested)
    case 'passed':
      return buildPassed(world, order, tested.run)
    case 'no jobs':
      return buildIt(world, order, `untested: ${repo} has no jobs`)
    case 'untested':
      return buildUntested(world, order, tested)
  }
}

async function testedRelease(
  world: ReleaseWorld,
  { run, signed }: Extract<Tested, { type: 'tested' }>,
): Promise<Release> {
  const { release, files } = signed.provenance
  const dir = artifactDir(world.stateDir)
  if ((await takeArtifact(dir, release)) === null) throw goneSince(run, release, dir)
  const manifest = await manifestWith(dir, release, files)
  const jobs = signed.provenance.jobs.map(({ name, outcome }) =>
    outcome === 'flaky' ? `${name} (flaky)` : name,
  )
  const text = `tested in ${run.id}: ${jobs.join(', ')}`
  return { release, files, run: run.id, manifest, lines: [{ mark: ' ', text }], warnings: [] }
}

/** Where the checkout itself is the release, it is what the jobs saw. A build is made anew, and people should know. */
async function buildPassed(world: ReleaseWorld, order: ReleaseOrder, run: Run): Promise<Release> {
  const isCheckout = findApp(order.config, order.app).build === null
  const made = await buildIt(world, order, `${run.id} passed: ${run.jobs.map(({ name }) => name).join(', ')}`)
  const warning = `${run.id} made no release, so this one was built now: name a job \`build\` to test what goes live`
  return isCheckout ? made : { ...made, warnings: [warning] }
}

async function buildUntested(
  world: ReleaseWorld,
  order: ReleaseOrder,
  { trouble }: Extract<Tested, { type: 'untested' }>,
): Promise<Release> {
  const { why, who } = order.desk.order
  if (!order.untested) throw new TroubleError(trouble)
  if (why === '') {
    throw new TroubleError({
      what: `${short(order.commit.hash)} was not tested, and nobody says why it goes out`,
      now: 'say it: --untested --why TEXT',
    })
  }
  const made = await buildIt(world, order, `untested: ${trouble.what}`)
  return { ...made, warnings: [`untested, because ${who} says: ${why}`] }
}

async function buildIt(world: ReleaseWorld, order: ReleaseOrder, line: string): Promise<Release> {
  const { config, app, commit, desk } = order
  const say = (text: string): void => desk.say('build', null, text)
  const shop = { stateDir: world.stateDir, records: world.store.records }
  const repo = repoOf(world, config, app)
  const startedAt = Date.now()
  const built = await build(shop, { app: findApp(config, app), repo, commit, say, signal: desk.signal })
  const { provenance, manifest } = await signedFor(world, built.id, {
    repo: findApp(config, app).repo,
    commit: commit.hash,
    tree: commit.tree,
    startedAt,
  })
  const { release, files } = provenance
  return { release, files, run: null, manifest, lines: [{ mark: ' ', text: line }], warnings: [] }
}

/** A release that was live before, with the statement that it had then. */
export async function releaseBefore(
  world: ReleaseWorld,
  { release, commit, run = null }: Pick<Deployment, 'release' | 'commit'> & Readonly<{ run?: string | null }>,
  repo: string,
): Promise<Release> {
  const dir = artifactDir(world.stateDir)
  const made = { release, lines: [], warnings: [] } as const
  if ((await takeArtifact(dir, release)) === null) throw gone(release, commit, dir)
  const known = (await (await world.shelf()).of(release)).findLast(
    ({ provenance }) => provenance.commit === commit && provenance.run === run,
  )
  if (known !== undefined) {
    const { files } = known.provenance
    return { ...made, files, run, manifest: await manifestWith(dir, release, files) }
  }
  const { provenance, manifest } = await signedFor(world, release, {
    repo,
    commit,
    tree: null,
    startedAt: Date.now(),
  })
  return { ...made, files: provenance.files, run: null, manifest }
}

const goneSince = (run: Run, release: string, where: string): TroubleError =>
  new TroubleError({
    what: `release ${short(release)}, which ${run.id} has tested, was not used for long and is not kept any more`,
    where,
    now: `run its jobs again, then deploy it: tandem runs again ${run.id}`,
  })

/** Refuses what cannot be brought back, before anybody has ordered it. */
export async function mustBeKept(
  stateDir: string,
  { release, commit }: Pick<Deployment, 'release' | 'commit'>,
): Promise<void> {
  const dir = artifactDir(stateDir)
  if ((await takeArtifact(dir, release)) === null) throw gone(release, commit, dir)
}

const gone = (release: string, commit: string, where: string): TroubleError =>
  new TroubleError({
    what: `the artifact of release ${short(release)} is not on the hub any more`,
    where,
    now: `deploy its commit instead: tandem deploy APP ${short(commit)}`,
  })

type Origin = Readonly<{ repo: string; commit: string; tree: string | null; startedAt: number }>

/**
 * The statement about a release that no run has made, and what is in it. Where there is none yet, the artifact is read
 * and one is signed: it says where the release comes from, and that nothing was tested.
 */
export async function signedFor(
  world: ReleaseWorld,
  release: string,
  origin: Origin,
): Promise<Signed & Readonly<{ manifest: Manifest }>> {
  const dir = artifactDir(world.stateDir)
  const shelf = await world.shelf()
  const known = (await shelf.of(release)).findLast(
    ({ provenance: { commit, run } }) => commit === origin.commit && run === null,
  )
  if (known !== undefined)
    return { ...known, manifest: await manifestWith(dir, release, known.provenance.files) }
  const manifest = await manifestIn(dir, release)
  const signed = await shelf.put({
    ...origin,
    release,
    files: digestOfList(listOf(manifest)),
    ref: null,
    run: null,
    jobs: [],
    version: world.version,
    platform,
    endedAt: Date.now(),
  })
  return { ...signed, manifest }
}
