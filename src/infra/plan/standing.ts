import { createHash } from 'node:crypto'
import { canonical } from '../../change/canonical.ts'
import type { Thing } from '../things/thing.ts'
import type { Fold } from './fold.ts'
import { sha256Of } from './plan-file.ts'
import { standingOf } from './plan-unit.ts'
import type { Seen } from './seen.ts'
import { absolute, stateOf } from './state.ts'

/** Digests of a thing: what its recipe wants, what was seen, and what will be there; null where nobody can know yet. */
export type Standing = Readonly<{ want: string; was: string; left: string | null }>

type Input = Readonly<{
  things: readonly Thing[]
  seen: Seen
  fold: Fold
  keyed: (sha256: string) => string
}>

export function standingsOf({ things, seen, fold, keyed }: Input): ReadonlyMap<string, Standing> {
  const first = stateOf(seen).seen
  const deferred = new Set(
    [...fold.deferred.values()].flatMap(({ lowered }) => lowered.things.map(({ key }) => key)),
  )
  const standings = new Map<string, Standing>()
  for (const thing of things) {
    const isKnown = !deferred.has(thing.key) && !fold.state.made.has(thing.key)
    const left = isKnown ? sightOf(thing, fold.state.seen, keyed) : null
    standings.set(thing.key, {
      want: digest(wantOf(thing, keyed)),
      was: digest(sightOf(thing, first, keyed) ?? 'not known'),
      left: left === null ? null : digest(left),
    })
  }
  return standings
}

/** Long enough to tell states of one thing apart, short enough for a ledger that holds thousands. */
function digest(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 20)
}

/** What a recipe says of a thing, bytes as keyed digests: some are secret. */
function wantOf(value: unknown, keyed: (sha256: string) => string): unknown {
  if (value instanceof Uint8Array) return keyed(sha256Of(value))
  if (Array.isArray(value)) return value.map((item) => wantOf(item, keyed))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, wantOf(member, keyed)]))
}

/** What matters of a thing on its host: not when a file was written, nor which version of a package came with upgrades. */
function sightOf(thing: Thing, seen: Seen, keyed: (sha256: string) => string): unknown {
  switch (thing.type) {
    case 'path':
      return pathSight(thing.path, seen, keyed)
    case 'package': {
      const now = seen.packages.get(thing.name) ?? null
      const version = thing.want.type === 'installed' && thing.want.version !== null
      return now === null ? 'missing' : { held: now.held, ...(version ? { version: now.version } : {}) }
    }
    case 'user': {
      const now = seen.users.get(thing.name) ?? null
      if (now === null) return 'missing'
      const password = now.passwordSha256 === null ? null : keyed(now.passwordSha256)
      return { ...now, groups: now.groups.toSorted(), passwordSha256: password }
    }
    case 'group':
      return seen.groups.get(thing.name) ?? 'missing'
    case 'unit': {
      const now = seen.units.get(thing.unit)
      return now === undefined || now.load === 'unknown' ? null : standingOf(now)
    }
    case 'command':
      return seen.checks.get(thing.key) === 0 ? 'nothing to do' : null
  }
}

function pathSight(named: string, seen: Seen, keyed: (sha256: string) => string): unknown {
  const path = absolute(named, seen)
  const now = path === null ? undefined : seen.paths.get(path)
  if (now === undefined || now.type === 'unknown') return null
  switch (now.type) {
    case 'missing':
    case 'other':
      return now.type
    case 'link':
      return { to: now.to }
    case 'directory':
      return { type: now.type, mode: now.mode, owner: now.owner, group: now.group }
    case 'file':
      return { sha256: keyed(now.sha256), mode: now.mode, owner: now.owner, group: now.group }
  }
}
