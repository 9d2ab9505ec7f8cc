import { TroubleError } from '../change/trouble.ts'
import type { TeamConfig } from '../config/config.ts'
import { nearest } from '../config/mistakes/nearest.ts'

/**
 * The hosts that words mean: names of hosts, roles or groups, in the order of `tandem.ts`, each once. Without a word, all
 * hosts that have a recipe. Throws a TroubleError for a word that means nothing.
 */
export function hostsMeant(config: TeamConfig, words: readonly string[]): readonly string[] {
  if (words.length === 0) return withRecipe(config)
  const known = knownWords(config)
  for (const word of words) {
    if (known.has(word)) continue
    const meant = nearest(word, [...known])
    throw new TroubleError({
      what: `there is no host, role or group called '${word}'`,
      where: 'tandem.ts',
      now: meant === null ? `known: ${[...known].join(', ') || 'none'}` : `did you mean '${meant}'?`,
    })
  }
  const hosts = Object.entries(config.hosts).filter(([name, { roles, groups }]) =>
    words.some((word) => word === 'all' || word === name || roles.includes(word) || groups.includes(word)),
  )
  if (hosts.length > 0) return hosts.map(([name]) => name)
  throw new TroubleError({
    what: `no host has the role ${words.join(' or ')}`,
    where: 'tandem.ts',
    now: 'give a host that role, or name a host',
  })
}

function withRecipe(config: TeamConfig): readonly string[] {
  const hosts = Object.entries(config.hosts).filter(([, host]) => hasRecipe(config, host.roles))
  if (hosts.length > 0) return hosts.map(([name]) => name)
  throw new TroubleError({
    what: 'no host has a recipe',
    where: 'tandem.ts',
    now: "write one: roles: { all: (host) => [apt('curl')] }",
  })
}

export const hasRecipe = (config: TeamConfig, roles: readonly string[]): boolean =>
  config.roles.includes('all') || roles.some((role) => config.roles.includes(role))

function knownWords(config: TeamConfig): ReadonlySet<string> {
  const hosts = Object.entries(config.hosts)
  return new Set([
    ...hosts.map(([name]) => name),
    ...hosts.flatMap(([, { roles }]) => roles),
    ...hosts.flatMap(([, { groups }]) => groups),
    ...config.roles,
    'all',
  ])
}
