import { TroubleError } from '../change/trouble.ts'
import type { HostAddress } from '../remote/remote.ts'
import {
  addressOf,
  type AppConfig,
  type EnvironmentConfig,
  type HostConfig,
  type TeamConfig,
} from './config.ts'
import { nearest } from './mistakes/nearest.ts'

/** The app with this name; a `TroubleError` says which name was probably meant. */
export function findApp(config: TeamConfig, name: string): AppConfig {
  return find(config.apps, name, 'app')
}

/** The environment of an app with this name; a `TroubleError` says which name was probably meant. */
export function findEnvironment(app: AppConfig, name: string): EnvironmentConfig {
  return find(app.environments, name, 'environment')
}

/** The host with this name; a `TroubleError` says which name was probably meant. */
export function findHost(config: TeamConfig, name: string): HostConfig {
  return find(config.hosts, name, 'host')
}

/** How the host with this name is reached; a `TroubleError` says which name was probably meant. */
export function hostAddress(
  { projectDir }: Readonly<{ projectDir: string }>,
  config: TeamConfig,
  name: string,
): HostAddress {
  return addressOf(name, findHost(config, name), projectDir)
}

function find<T>(named: Readonly<Record<string, T>>, name: string, kind: string): T {
  const found = Object.hasOwn(named, name) ? named[name] : undefined
  if (found !== undefined) return found
  const names = Object.keys(named)
  const meant = nearest(name, names)
  const known = names.length === 0 ? `tandem.ts names no ${kind}` : `known: ${names.join(', ')}`
  throw new TroubleError({
    what: `there is no ${kind} called '${name}'`,
    where: 'tandem.ts',
    now: meant === null ? known : `did you mean '${meant}'?`,
  })
}
