import type { HostDrift, HostFacts, HostProgram, InfraSide } from '../api/wire/wire.ts'
import { randomBytes } from 'node:crypto'
import { lookForDrift } from './drift/drift.ts'
import { keepHost } from './look/host-facts.ts'
import { hostsMeant } from './hosts-meant.ts'
import { programOf } from './host/program.ts'
import type { InfraWorld } from './infra-world.ts'
import { keptDrift } from './drift/kept-drift.ts'
import { planHost } from './plan/plan-host.ts'
import { digestWith } from './orders/plan-recipes.ts'
import { noSecrets, noWants, seenOf, sightsOf } from './look/sights.ts'

/** Answers what people ask of hosts. */
export function infraSide(world: InfraWorld): InfraSide {
  return {
    drift: (on) => lookForDrift(world, on),
    lastDrift: () => lastDrift(world),
    facts: (on) => factsOf(world, on),
    programs: (on) => programsFor(world, on),
  }
}

async function lastDrift(world: InfraWorld): Promise<readonly HostDrift[]> {
  const { hosts } = await world.config()
  const kept = await Promise.all(Object.keys(hosts).map((host) => keptDrift(world.store, host)))
  return kept.filter((drift) => drift !== null)
}

async function factsOf(world: InfraWorld, on: readonly string[]): Promise<readonly HostFacts[]> {
  const config = await world.config()
  const hosts = on.length === 0 ? Object.keys(config.hosts) : hostsMeant(config, on)
  return Promise.all(
    hosts.map(async (host) => {
      const seen = await seenOf({ world, config, reveal: noSecrets }, host, noWants)
      if (!('facts' in seen)) return { host, facts: null, away: seen.why }
      await keepHost(world.store, host, seen)
      return { host, facts: seen.facts, away: null }
    }),
  )
}

/** The programs as an apply would send them, save that secrets stay marks. */
async function programsFor(world: InfraWorld, on: readonly string[]): Promise<readonly HostProgram[]> {
  const config = await world.config()
  const sights = await sightsOf(world, config, hostsMeant(config, on))
  const key = await world.settingsKey()
  return [...sights.values()].flatMap((sight) => {
    if (sight.type === 'away') return []
    const { ops, bytes, passwords } = planHost({ ...sight, digestOf: digestWith(key) })
    const mark = randomBytes(4).toString('hex')
    const parts = { scripts: world.scripts, bytes, passwords, reveal: noSecrets, mark, change: 'c0' }
    return [{ host: sight.host, text: ops.length === 0 ? '' : programOf(ops, parts).script }]
  })
}
