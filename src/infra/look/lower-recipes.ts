import type { HostConfig, TeamConfig } from '../../config/config.ts'
import { findHost } from '../../config/find.ts'
import type { Facts } from '../../config/infra/recipe-wish.ts'
import { type Said, secretMark } from '../../config/reading/said.ts'
import type { InfraWorld } from '../infra-world.ts'
import { lowerAll } from '../recipe/lower.ts'
import { readSaid } from '../recipe/read.ts'
import { revealing, secretsIn } from '../recipe/reveal.ts'
import type { HostView, Lowered } from '../recipe/resource.ts'
import { areUnwritten, openFiles } from './repo-files.ts'

/** Puts the values of secrets where their marks are. */
export type Reveal = (text: string) => string

export type LoweredRecipes = Readonly<{
  /** By host: what its recipes say, checked, ordered, and made of things. */
  lowered: ReadonlyMap<string, readonly Lowered[]>
  reveal: Reveal
  /** By host: the values that its recipes name. They are masked in all that it prints, and no other host hears of them. */
  secrets: ReadonlyMap<string, readonly string[]>
}>

/** Asks the recipes of hosts with these facts. */
export async function lowerRecipes(
  world: InfraWorld,
  config: TeamConfig,
  facts: ReadonlyMap<string, Facts>,
): Promise<LoweredRecipes> {
  const views = [...facts].map(([name, fact]) => viewOf(name, findHost(config, name), fact))
  const { said } = await world.recipes(views)
  const secrets = [...said.values()].some(hasSecret) ? await world.secrets() : new Map<string, string>()
  const lowered = await Promise.all(
    views.map(async (host) => {
      const things = await loweredOf(world, host, { said: said.get(host.name) ?? [], secrets })
      return [host.name, things] as const
    }),
  )
  return {
    lowered: new Map(lowered),
    reveal: (text) => revealing(secrets)(text).text,
    secrets: new Map(views.map(({ name }) => [name, valuesIn(said.get(name) ?? [], secrets)])),
  }
}

type Saying = Readonly<{ said: readonly Said[]; secrets: ReadonlyMap<string, string> }>

/** Lowered again only when a recipe says something else, or a file that it sends was written. Secrets are not kept. */
async function loweredOf(
  { sourceDir, kept }: InfraWorld,
  host: HostView,
  { said, secrets }: Saying,
): Promise<readonly Lowered[]> {
  const before = kept.get(said)
  if (before !== undefined && (await areUnwritten(before.files))) return before.lowered
  const files = openFiles(sourceDir)
  const lowered = await lowerAll(readSaid(host.name, said), { host, bytesOf: files.bytesOf, secrets })
  if (!hasSecret(said)) kept.set(said, { lowered, files: files.read() })
  return lowered
}

const viewOf = (name: string, { roles, vars }: HostConfig, facts: Facts): HostView => ({
  name,
  roles,
  vars,
  facts,
})

const mark = secretMark('').slice(0, 1)

function valuesIn(said: readonly Said[], secrets: ReadonlyMap<string, string>): readonly string[] {
  return secretsIn(JSON.stringify(said)).flatMap((name) => secrets.get(name) ?? [])
}

const hasSecret = (said: readonly Said[]): boolean => JSON.stringify(said).includes(mark)
