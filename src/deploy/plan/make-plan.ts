import { type Change, changeOf } from '../../change/change.ts'
import type { Plan } from '../../change/plan.ts'
import { TroubleError } from '../../change/trouble.ts'
import type { TeamConfig } from '../../config/config.ts'
import type { Desk } from '../../pipeline/kind.ts'
import { findApp, findEnvironment, hostAddress } from '../../config/find.ts'
import { artifactDir, manifestOf } from '../../ci/artifact/artifact.ts'
import type { Deployment } from '../deployment.ts'
import { type DeployWorld, doneChanges, repoOf, secretsOf } from '../deploy-world.ts'
import type { Facts } from './facts.ts'
import { type Commit, commitsBetween, findCommit, uncommitted } from '../../vcs/commit.ts'
import { deploymentOf, liveChange } from '../history.ts'
import { frontHashOf } from '../program/host-front.ts'
import { lookAt } from './look.ts'
import type { Manifest } from '../../ci/artifact/manifest.ts'
import { noneReached } from '../../remote/none-reached.ts'
import { planDeploy } from './plan.ts'
import { type Release, releaseBefore, releaseOf } from './release.ts'
import { specHashOf, specOf } from './spec.ts'
import { timersOf } from '../program/units.ts'
import { readWish, type Wish } from '../wish.ts'

const commitsShown = 20

type Found = Pick<Release, 'manifest' | 'lines' | 'warnings'> & Readonly<{ deployment: Deployment }>

/** Looks at the hosts while it builds, then plans. */
export async function makePlan(world: DeployWorld, desk: Desk): Promise<Plan> {
  const config = await world.config()
  const live = liveChange(await doneChanges(world.store, desk.order.target))
  const wish = asOfNow(readWish(desk.order.wish, config), live)
  const before = live === null ? null : deploymentOf(live)
  const draft = wish.again === null ? await draftOf(world, config, wish) : await bringBack(world, wish)
  const hosts = wish.hosts ?? draft.deployment.hosts
  const { commit } = draft.deployment
  const [facts, found, commits] = await Promise.all([
    lookAtAll(world, { config, desk, hosts, deployment: draft.deployment }),
    wish.again === null ? built(world, config, draft, desk) : stored(world, config, draft),
    before === null
      ? []
      : commitsBetween(repoOf(world, config, wish.app), before.commit, commit, commitsShown),
  ])
  refuseIfAllAway(facts)
  const { deployment } = found
  return planDeploy({
    deployment,
    facts,
    frontHashes: new Map(
      hosts.map((host) => [host, frontHashOf(hostAddress(world, config, host), deployment)]),
    ),
    manifest: found.manifest,
    known: await manifestsOf(world, facts),
    commits,
    origin: found.lines,
    warnings: [...found.warnings, ...timersLeftOut(config, deployment)],
    isForward: wish.again === null,
  })
}

/** A host is healed to what is live by now: a change that was before it in the line may have made something new live. */
function asOfNow(wish: Wish, live: Change | null): Wish {
  if (live === null || wish.hosts === null || wish.again === null) return wish
  return { ...wish, again: live.id }
}

type Draft = Readonly<{ deployment: Deployment; commit: Commit | null; repo: string }>

/** A deployment of a commit, before it is built. */
async function draftOf(world: DeployWorld, config: TeamConfig, wish: Wish): Promise<Draft> {
  const app = findApp(config, wish.app)
  const environment = findEnvironment(app, wish.environment)
  const repo = repoOf(world, config, wish.app)
  const commit = await findCommit(repo, wish.ref)
  const spec = specOf(app, environment)
  const secrets = await secretsOf(world, { spec, app: wish.app, environment: wish.environment })
  const deployment: Deployment = {
    app: wish.app,
    environment: wish.environment,
    release: '',
    files: '',
    run: null,
    commit: commit.hash,
    subject: commit.subject,
    spec,
    specHash: specHashOf(spec, secrets, await world.settingsKey()),
    hosts: environment.hosts,
    stages: environment.stages,
    watchMs: environment.watchMs,
  }
  return { deployment, commit, repo }
}

async function built(world: DeployWorld, config: TeamConfig, draft: Draft, desk: Desk): Promise<Found> {
  const { deployment, commit, repo } = draft
  if (commit === null) throw new Error('only a commit can be built')
  const { untested } = readWish(desk.order.wish, config)
  const order = { config, app: deployment.app, commit, untested, desk }
  const { release, files, run, ...made } = await releaseOf(world, order)
  return {
    ...made,
    deployment: { ...deployment, release, files, run },
    warnings: [...made.warnings, ...(await warningsOf(repo, desk))],
  }
}

/** This machine has no systemd of ours to keep time. */
function timersLeftOut(config: TeamConfig, { hosts, spec }: Deployment): readonly string[] {
  const timers = timersOf(spec)
  const local = hosts.filter((host) => config.hosts[host]?.via.kind === 'local')
  if (timers.length === 0 || local.length === 0) return []
  return [`${local.join(', ')} runs nothing on a schedule: ${timers.join(', ')} is left out there`]
}

async function warningsOf(repo: string, desk: Desk): Promise<readonly string[]> {
  const { wish } = desk.order
  const isHead = typeof wish === 'object' && wish !== null && 'ref' in wish && wish.ref === 'HEAD'
  const changed = isHead ? await uncommitted(repo) : 0
  return changed === 0
    ? []
    : [`${changed} uncommitted ${changed === 1 ? 'file is' : 'files are'} not part of this release`]
}

/** A deployment that was live before, with the settings it had then. */
async function bringBack(world: DeployWorld, wish: Wish): Promise<Draft> {
  const entries = wish.again === null ? [] : await world.store.ledger.of(wish.again)
  const then = entries.length === 0 ? null : deploymentOf(changeOf(entries, null))
  if (then === null) {
    throw new TroubleError({
      what: `${wish.again ?? 'that change'} made nothing live`,
      now: 'see `tandem log` for what did',
    })
  }
  const secrets = await secretsOf(world, then)
  const specHash = specHashOf(then.spec, secrets, await world.settingsKey())
  return { deployment: { ...then, specHash }, commit: null, repo: '' }
}

async function stored(world: DeployWorld, config: TeamConfig, { deployment }: Draft): Promise<Found> {
  const repo = config.apps[deployment.app]?.repo ?? deployment.app
  const { release, files, run, ...kept } = await releaseBefore(world, deployment, repo)
  return { ...kept, deployment: { ...deployment, release, files, run } }
}

type Sights = Readonly<{ config: TeamConfig; desk: Desk; hosts: readonly string[]; deployment: Deployment }>

async function lookAtAll(
  world: DeployWorld,
  { config, desk, hosts, deployment }: Sights,
): Promise<ReadonlyMap<string, Facts | null>> {
  const { remote, scripts } = world
  const found = await Promise.all(
    hosts.map(async (host) => {
      const say = (text: string): void => desk.say('look', host, text)
      return [
        host,
        await lookAt({ remote, scripts, deployment, say }, hostAddress(world, config, host)),
      ] as const
    }),
  )
  return new Map(found)
}

function refuseIfAllAway(facts: ReadonlyMap<string, Facts | null>): void {
  if ([...facts.values()].some((fact) => fact !== null)) return
  throw noneReached([...facts.keys()].map((host) => ({ host, why: null })))
}

async function manifestsOf(
  world: DeployWorld,
  facts: ReadonlyMap<string, Facts | null>,
): Promise<ReadonlyMap<string, Manifest>> {
  const ids = new Set([...facts.values()].flatMap((fact) => (fact === null ? [] : [...fact.releases.keys()])))
  const found = await Promise.all(
    [...ids].map(async (id) => [id, await manifestOf(artifactDir(world.stateDir), id)] as const),
  )
  return new Map(found.flatMap(([id, manifest]) => (manifest === null ? [] : [[id, manifest] as const])))
}
