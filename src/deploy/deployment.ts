import type { HealthConfig, ProcessConfig, StageConfig } from '../config/config.ts'

/** How a release runs: everything of `tandem.ts` that a host must know. Kept with the change, so a revert has it. */
export type RunSpec = Readonly<{
  run: Readonly<Record<string, ProcessConfig>>
  port: number | null
  front: 'haproxy' | 'none'
  health: HealthConfig | null
  shared: readonly string[]
  links: readonly string[]
  env: Readonly<Record<string, string>>
  /** Names only; the values are read when they are sent. */
  secrets: readonly string[]
  migrate: string | null
  hooks: Readonly<{ before: string | null; after: string | null }>
  user: string
  keep: number
  limits: Readonly<{ memoryBytes: number | null; tasks: number | null; files: number | null }>
  drainMs: number
  warmMs: number
}>

/** What a change wants live where: the outcome of its plan, and what a revert or a healed host goes back to. */
export type Deployment = Readonly<{
  app: string
  environment: string
  /** SHA-256 of the artifact. */
  release: string
  commit: string
  subject: string
  spec: RunSpec
  /** Names the settings (and the values of secrets, keyed) that the processes were started with. */
  specHash: string
  hosts: readonly string[]
  stages: readonly StageConfig[]
  watchMs: number
}>

export const targetOf = (app: string, environment: string): string => `${app}@${environment}`

/** The name of an app's folder, units and front on a host. A dot cannot stand in either part. */
export const placeOf = (app: string, environment: string): string => `${app}.${environment}`

/** The loopback ports of the two slots: below the range that the kernel gives to outgoing connections (32768). */
export function slotPorts(port: number): Readonly<{ a: number; b: number }> {
  const a = 10_000 + 2 * (port % 11_383)
  return { a, b: a + 1 }
}

/** The first characters of a commit or a release, as people read them. */
export const short = (hash: string): string => hash.slice(0, 7)
