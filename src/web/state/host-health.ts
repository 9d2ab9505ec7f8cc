import type { HostView } from '../../api/wire/wire.ts'

/** How a host stands beside its recipes, as far as the hub knows without asking it. */
export type HostHealth =
  | Readonly<{ type: 'fenced' }>
  | Readonly<{ type: 'no recipe' }>
  | Readonly<{ type: 'not looked at' }>
  | Readonly<{ type: 'changed since'; at: number }>
  | Readonly<{ type: 'away'; at: number; why: string }>
  | Readonly<{ type: 'differs'; at: number; found: number }>
  | Readonly<{ type: 'same'; at: number }>

export const hasRecipe = ({ roles }: Pick<HostView, 'roles'>, recipes: readonly string[]): boolean =>
  recipes.includes('all') || roles.some((role) => recipes.includes(role))

/** What is worst comes first: a fenced host is not as anybody wants it, whatever the last look has found. */
export function healthOf(host: HostView, recipes: readonly string[]): HostHealth {
  const { fenced, drift, applied } = host
  if (fenced !== null) return { type: 'fenced' }
  if (!hasRecipe(host, recipes)) return { type: 'no recipe' }
  if (drift === null) return { type: 'not looked at' }
  // What was found before the last change tells of a host that is no longer there.
  if (applied !== null && applied.at > drift.at) return { type: 'changed since', at: drift.at }
  if (drift.away !== null) return { type: 'away', at: drift.at, why: drift.away }
  if (drift.found > 0) return { type: 'differs', at: drift.at, found: drift.found }
  return { type: 'same', at: drift.at }
}

export const differing = (hosts: readonly HostView[], recipes: readonly string[]): number =>
  hosts.filter((host) => healthOf(host, recipes).type === 'differs').length
