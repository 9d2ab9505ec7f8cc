import type { Script } from '../things/thing.ts'

/** What the probe program looks at. Facts and debts are always told. */
export type ProbeWants = Readonly<{
  paths: readonly Readonly<{
    path: string
    /** The bytes of a file come back when its digest is another one, and it is small enough. */
    wantSha: string | null
    /** They come back in any case. */
    wantBytes: boolean
  }>[]
  packages: readonly string[]
  users: readonly string[]
  groups: readonly string[]
  units: readonly string[]
  checks: readonly Readonly<{ key: string; script: Script }>[]
  /** Users whose home folders paths begin with. */
  homes: readonly string[]
}>

/** Users whose home folders must be known: those that are wanted, and those that paths begin with. */
export function homesNeeded({ homes, paths }: ProbeWants): readonly string[] {
  const ofPaths = paths.flatMap(({ path }) => /^~([^/]+)\//.exec(path)?.[1] ?? [])
  return [...new Set([...homes, ...ofPaths])]
}
