import { readFile, realpath } from 'node:fs/promises'
import { dirname, relative, resolve, sep } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import type { HostConfig, TeamConfig } from '../../config/config.ts'
import { findHost } from '../../config/find.ts'
import type { Place } from '../../config/locate.ts'
import type { Facts } from '../../config/recipe-wish.ts'
import { type Said, secretMark } from '../../config/said.ts'
import type { InfraWorld } from '../infra-world.ts'
import { lowerAll } from '../recipe/lower.ts'
import { readSaid } from '../recipe/read.ts'
import { revealing, secretsIn } from '../recipe/reveal.ts'
import type { HostView, Lowered } from '../recipe/resource.ts'

const mostFileBytes = 16 * 1024 * 1024

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
  const bytesOf = (path: string, at: Place) => fileOf(world.projectDir, path, at)
  const lowered = await Promise.all(
    views.map(async (host) => {
      const resources = readSaid(host.name, said.get(host.name) ?? [])
      return [host.name, await lowerAll(resources, { host, bytesOf, secrets })] as const
    }),
  )
  return {
    lowered: new Map(lowered),
    reveal: (text) => revealing(secrets)(text).text,
    secrets: new Map(views.map(({ name }) => [name, valuesIn(said.get(name) ?? [], secrets)])),
  }
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

/** A file of the team's own: beside the recipe that names it, and never outside the folder of `tandem.ts`. */
async function fileOf(projectDir: string, path: string, at: Place): Promise<Uint8Array> {
  const written = resolve(projectDir, dirname(at.file), path)
  const where = `${at.file}:${at.line}:${at.column}`
  // A link in the repository must not lead out of it: what a recipe sends is what people have read there.
  const [root, file] = await Promise.all([realpath(projectDir), realpath(written).catch(() => written)])
  if (!file.startsWith(root + sep)) {
    throw new TroubleError({
      what: `${path} lies outside the folder of tandem.ts`,
      where,
      now: 'keep what recipes send in the repository',
    })
  }
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new TroubleError(
      {
        what: `${relative(projectDir, file)} cannot be read`,
        where,
        now: 'paths are relative to the file of the recipe',
      },
      { cause },
    )
  })
  if (bytes.length <= mostFileBytes) return bytes
  throw new TroubleError({
    what: `${relative(projectDir, file)} has ${bytes.length} bytes; a file in a recipe may have ${mostFileBytes}`,
    where,
    now: 'keep it elsewhere and use download()',
  })
}
