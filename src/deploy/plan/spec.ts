import { createHmac } from 'node:crypto'
import { canonical } from '../../change/canonical.ts'
import type { AppConfig, EnvironmentConfig } from '../../config/config.ts'
import type { RunSpec } from '../deployment.ts'

/** The part of the configuration that a host must know, taken at the time of the order. */
export function specOf(app: AppConfig, environment: EnvironmentConfig): RunSpec {
  const { run, port, health, shared, links, secrets, migrate, hooks, user, keep, limits } = app
  const { env, drainMs, warmMs } = environment
  const front = port === null ? 'none' : app.front
  return {
    run,
    port,
    front,
    health,
    shared,
    links,
    env,
    secrets,
    migrate,
    hooks,
    user,
    keep,
    limits,
    drainMs,
    warmMs,
  }
}

/**
 * Names the settings that processes run with and the values of the secrets together. Keyed, so that the name tells
 * nobody whether a guess of a secret is right. How many releases are kept and how long an old one may take is left out:
 * nothing needs to start anew for that. 16 hexadecimal digits.
 */
export function specHashOf(spec: RunSpec, values: ReadonlyMap<string, string>, key: string): string {
  const { keep: _, drainMs: __, warmMs: ___, ...running } = spec
  const keyed = createHmac('sha256', key)
  keyed.update(canonical(running))
  for (const name of spec.secrets) keyed.update(canonical([name, values.get(name) ?? null]))
  return keyed.digest('hex').slice(0, 16)
}
