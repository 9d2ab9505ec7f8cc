import type { DriftFinding, HostDrift } from '../../api/wire/wire.ts'
import { troubleOf } from '../../change/trouble.ts'
import type { TeamConfig } from '../../config/config.ts'
import { appliedOn } from '../applied.ts'
import { type Evidence, evidenceOf, linesAbout, noEvidence } from './evidence.ts'
import { hostsMeant } from '../hosts-meant.ts'
import { hostAddress } from '../../config/find.ts'
import type { InfraWorld } from '../infra-world.ts'
import { keepDrift } from './kept-drift.ts'
import { type Drifted, driftOf } from '../plan/drift.ts'
import { type HostPlan, planHost } from '../plan/plan-host.ts'
import { digestWith } from '../orders/plan-recipes.ts'
import { type Sight, sightsOf } from '../look/sights.ts'
import { movesSince } from './moves-since.ts'

const unmanagedShown = 50

/** Looks at hosts beside their recipes: what differs, since when, and who probably did it. What was found is kept. */
export async function lookForDrift(world: InfraWorld, on: readonly string[]): Promise<readonly HostDrift[]> {
  const config = await world.config()
  const sights = await sightsOf(world, config, hostsMeant(config, on))
  const key = await world.settingsKey()
  return Promise.all(
    [...sights.values()].map(async (sight) => {
      const drift = await driftIn(world, config, sight, key)
      await keepDrift(world.store, drift)
      return drift
    }),
  )
}

async function driftIn(world: InfraWorld, config: TeamConfig, sight: Sight, key: string): Promise<HostDrift> {
  const { host } = sight
  const at = world.now()
  if (sight.type === 'away') return { host, at, away: sight.why, resources: 0, findings: [], unmanaged: [] }
  const plan = planHost({ ...sight, digestOf: digestWith(key) })
  const applied = await appliedOn(world.store, host)
  const drifted = driftOf(plan, new Map(Object.entries(applied?.things ?? {})))
  if (drifted.length === 0 && applied === null) {
    return { host, at, away: null, resources: sight.lowered.length, findings: [], unmanaged: [] }
  }
  const keys = drifted.map(({ key }) => key)
  const evidence = await evidenceOf(world, hostAddress(world, config, host), keys).catch(
    (thrown: unknown): Evidence => ({
      ...noEvidence,
      files: [`the logs of ${host} could not be read: ${troubleOf(thrown).what}`],
    }),
  )
  const moves = await movesSince(world.store, host, applied?.change ?? null)
  return {
    host,
    at,
    away: null,
    resources: sight.lowered.length,
    findings: drifted.map((one) => findingOf(one, linesAbout(evidence, one.key), moves)),
    unmanaged: unmanagedIn(plan, evidence.files),
  }
}

function findingOf(drifted: Drifted, told: readonly string[], moves: readonly string[]): DriftFinding {
  const { resource, at, cause, lines } = drifted
  return { resource, at, cause, lines, evidence: cause === 'recipe moved' ? [] : [...told, ...moves] }
}

// Deploys write them, and their changes tell of it.
const unitOfDeploys = / \/etc\/systemd\/system\/tandem-[^/]*$/

/** Files that were written since the last apply, and that no recipe speaks of. */
function unmanagedIn({ managed }: HostPlan, files: readonly string[]): readonly string[] {
  return files
    .filter((line) => !unitOfDeploys.test(line))
    .filter((line) => !managed.has(line.slice(line.indexOf(' /') + 1)))
    .slice(0, unmanagedShown)
}
