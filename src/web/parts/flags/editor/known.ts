import type { FlagRoutes } from '../../../../api/wire/flags.ts'

/** What a condition may name: the flags of the environment with their variants, and its segments. */
export type Known = Readonly<{
  flags: ReadonlyMap<string, readonly string[]>
  segments: readonly string[]
}>

export const nothingKnown: Known = { flags: new Map(), segments: [] }

export function knownIn({ flags, segments }: FlagRoutes['GET /api/flags']): Known {
  return {
    flags: new Map(flags.map(({ key, flag }) => [key, Object.keys(flag.variants)])),
    segments: segments.map(({ key }) => key),
  }
}
