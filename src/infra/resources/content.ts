import type { LoweringWorld, Resource } from '../recipe/resource.ts'
import type { Content } from '../things/thing.ts'

/** The bytes of a text, with the values of its secrets. */
export function contentOf(written: string, world: LoweringWorld): Content {
  const { text, secrets } = world.reveal(written)
  return { bytes: new TextEncoder().encode(text), secrets }
}

/** The bytes that a recipe gives: as a text, or as a file beside it. */
export async function contentFrom(
  resource: Resource<Readonly<{ content?: string | undefined; source?: string | undefined }>>,
  world: LoweringWorld,
): Promise<Content> {
  const { content = '', source } = resource.options
  if (source === undefined) return contentOf(content, world)
  return { bytes: await world.bytesOf(source, resource.at), secrets: [] }
}

/** Where a path is: the home of a user that the recipe makes is known, the others are asked for on the host. */
export function placeOf(path: string, world: LoweringWorld): string {
  const [, user, rest] = /^~([^/]+)(\/.*)$/.exec(path) ?? []
  const home = user === undefined ? null : world.homeOf(user)
  return home === null || rest === undefined ? path : home.replace(/\/$/, '') + rest
}
