import type { z } from 'zod'
import type { ConfigPath, Mistake } from './mistake.ts'
import { shown, written } from './mistake.ts'
import { nearest, oneOf } from './nearest.ts'
import * as metricsSchema from '../metrics/schema.ts'
import * as remoteSchema from '../metrics/remote-schema.ts'
import * as repoSchema from '../repo/schema.ts'
import * as schema from '../schema.ts'

type Issue = z.core.$ZodIssue

/** Where each key belongs, for those who wrote it one level too high or too low. */
const places: readonly Readonly<{ place: string; keys: readonly string[] }>[] = [
  { place: '', keys: Object.keys(schema.team.shape) },
  { place: 'apps.NAME', keys: Object.keys(schema.app.shape) },
  { place: 'apps.NAME.environments.NAME', keys: Object.keys(schema.environment.shape) },
  { place: 'infra', keys: Object.keys(schema.infra.shape) },
  { place: 'repos.NAME', keys: Object.keys(repoSchema.repo.shape) },
  { place: 'metrics', keys: Object.keys(metricsSchema.metrics.shape) },
  { place: 'metrics.scrape', keys: Object.keys(metricsSchema.scrape.shape) },
  { place: 'metrics.remote', keys: Object.keys(remoteSchema.remote.shape) },
  { place: 'hosts.NAME', keys: Object.keys(schema.sshHost.shape) },
]

/**
 * Parses `found`, which stands at `path`. Anything wrong goes to `mistakes`, and then nothing is returned: the caller
 * leaves out what depends on it, so that one slip is told once.
 */
export function parse<T extends z.ZodType>(
  type: T,
  found: unknown,
  path: ConfigPath,
  mistakes: Mistake[],
): z.output<T> | null {
  const parsed = type.safeParse(found)
  if (parsed.success) return parsed.data
  mistakes.push(...parsed.error.issues.flatMap((issue) => mistakesOf(issue, found, path)))
  return null
}

function mistakesOf(issue: Issue, root: unknown, base: ConfigPath): Mistake[] {
  const { path, found, parent } = follow(root, issue.path)
  const place = [...base, ...path]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, place, issue.message.split(' ')))
    case 'invalid_key':
      return [badName(place, issue.issues[0]?.message ?? '')]
    case 'invalid_value':
      return [notOneOf(place, found, issue.values.map(String), isMissing(found, parent))]
    case 'invalid_type':
    case 'invalid_format':
    case 'too_big':
    case 'too_small':
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_element':
    case 'custom': {
      if (isMissing(found, parent)) return [missing(place, issue.message)]
      return [wrong(place, found, issue.message, hintOf(issue))]
    }
  }
}

function unknownKey(key: string, place: ConfigPath, known: readonly string[]): Mistake {
  const what = `unknown key '${key}' in ${written(place)}`
  return { path: [...place, key], at: 'key', what, now: placeFor(key, place, known) }
}

function placeFor(key: string, here: ConfigPath, known: readonly string[]): string {
  const meant = nearest(key, known)
  if (meant !== null) return `did you mean '${meant}'?`
  const pattern = here.map((step, index) => (index % 2 === 1 ? 'NAME' : step)).join('.')
  // What is said of a resource has no other place.
  const isTeam = here.length === 0 || String(here[0]) in schema.team.shape
  const elsewhere = isTeam && places.find(({ place, keys }) => place !== pattern && keys.includes(key))
  if (elsewhere) return `'${key}' belongs in ${elsewhere.place || 'the outermost level'}`
  return `known there: ${known.join(', ')}`
}

function badName(place: ConfigPath, wanted: string): Mistake {
  const key = String(place.at(-1))
  return {
    path: place,
    at: 'key',
    what: `'${key}' cannot be a name in ${written(place.slice(0, -1))}`,
    now: `use ${wanted}`,
  }
}

function notOneOf(place: ConfigPath, found: unknown, values: readonly string[], isMissing: boolean): Mistake {
  if (isMissing) return missing(place, oneOf(values))
  const meant = typeof found === 'string' ? nearest(found, values) : null
  return wrong(place, found, oneOf(values), meant === null ? null : `did you mean '${meant}'?`)
}

function missing(place: ConfigPath, wanted: string): Mistake {
  const key = String(place.at(-1))
  return {
    path: place.slice(0, -1),
    at: 'key',
    what: `${written(place.slice(0, -1))} has no '${key}'`,
    now: `add ${key}: ${wanted.split('such as ').at(-1)}`,
  }
}

function wrong(place: ConfigPath, found: unknown, wanted: string, now: string | null): Mistake {
  const what = `${written(place)} is ${shown(found)} but must be ${wanted}`
  return { path: place, at: 'value', what, now: now ?? fitting(found, wanted) }
}

/** What to write instead, where that can be told from the value itself. */
function fitting(found: unknown, wanted: string): string {
  if (wanted.startsWith('a whole number') && typeof found === 'string' && /^\d+$/.test(found)) {
    return `write ${found} without quotes`
  }
  if (wanted === 'a text' && ['number', 'boolean'].includes(typeof found)) return `write '${String(found)}'`
  if (wanted.startsWith('a list') && typeof found === 'string') return `write ['${found}']`
  if (wanted.startsWith('a path that begins') && typeof found === 'string') return `write '/${found}'`
  if (wanted.startsWith('a path inside'))
    return 'write it from the top of the release, without / before it and without ..'
  return 'write one like that'
}

function hintOf(issue: Issue): string | null {
  const now: unknown = issue.code === 'custom' ? issue.params?.['now'] : null
  return typeof now === 'string' ? now : null
}

/** Goes down as far as what was written goes: a short form (`health: '/up'`) has no inner keys to point at. */
function follow(
  root: unknown,
  steps: readonly PropertyKey[],
): { path: ConfigPath; found: unknown; parent: unknown } {
  const path: (string | number)[] = []
  let found = root
  let parent: unknown = null
  for (const step of steps) {
    if (typeof found !== 'object' || found === null) break
    parent = found
    found = Reflect.get(found, step)
    path.push(typeof step === 'number' ? step : String(step))
  }
  return { path, found, parent }
}

function isMissing(found: unknown, parent: unknown): boolean {
  return found === undefined && typeof parent === 'object' && !Array.isArray(parent)
}
