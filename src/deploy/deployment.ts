import type { AppConfig, EnvironmentConfig, StageConfig } from '../config/config.ts'

/**
 * How a release runs: everything of `tandem.ts` that a host must know. Kept with the change, so a revert has it. Of the
 * secrets it has the names alone; the values are read when they are sent.
 */
export type RunSpec = Readonly<
  Pick<
    AppConfig,
    | 'run'
    | 'port'
    | 'front'
    | 'health'
    | 'shared'
    | 'links'
    | 'secrets'
    | 'migrate'
    | 'hooks'
    | 'user'
    | 'keep'
    | 'limits'
  > &
    Pick<EnvironmentConfig, 'env' | 'drainMs' | 'warmMs'>
>

/** What a change wants live where: the outcome of its plan, and what a revert or a healed host goes back to. */
export type Deployment = Readonly<{
  app: string
  environment: string
  /** SHA-256 of the artifact. */
  release: string
  /** SHA-256 of the list of what is in it. */
  files: string
  /** The run that tested it; null = nothing did. */
  run: string | null
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
