/**
 * The hosts and repositories in `tandem.ts`, written by a command: a line more, a line less, another value. What would be a mistake is
 * refused before anything is written; what is written is read again, and put back when it says something else.
 */
import type { ObjectExpression } from 'acorn'
import { realpath } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { relative, resolve } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import type { Answer, Source } from '../reading/answer.ts'
import type { HostConfig, TeamConfig } from '../config.ts'
import { loadConfig } from '../reading/load.ts'
import { locator, type Place } from '../reading/locate.ts'
import {
  propertyIn,
  type Script,
  scriptOf,
  withoutProperty,
  withProperty,
  withValue,
  type Written,
} from './object-text.ts'
import { readConfig } from '../reading/read.ts'
import { resolveTeam } from '../resolve.ts'
import { rewriteFile, textOf } from './rewrite-file.ts'

/** A host as it is to be written: the keys that people write. */
export type HostText = Readonly<{
  address: string
  port?: number
  roles?: readonly string[]
  groups?: readonly string[]
  hostKey?: string
  sudo?: 'free' | 'password' | 'no'
  identityFile?: string
}>

/** What the host would be. Throws a `TroubleError` that says what is wrong with it, or with `tandem.ts`; writes nothing. */
export async function checkHost(dir: string, name: string, host: HostText): Promise<HostConfig> {
  const team = await readTeam(dir)
  refuseTaken(team, name)
  const found = expected(team, { hosts: { ...team.hosts, [name]: host } }).hosts[name]
  if (found === undefined) throw new Error(`${name} was added and is not there`)
  return found
}

/** Writes a host more. Returns the file it stands in now, relative to `dir`. */
export async function addHost(dir: string, name: string, host: HostText): Promise<string> {
  const team = await readTeam(dir)
  refuseTaken(team, name)
  const wanted = expected(team, { hosts: { ...team.hosts, [name]: host } })
  const value: Written = Object.fromEntries(Object.entries(host).filter(([, one]) => one !== undefined))
  return await add(team, 'hosts', { name, value, shown: shownHost(host), wanted })
}

/** Writes a repository more, ruled as usual. Returns the file it stands in now, and what `tandem.ts` means by then. */
export async function addRepo(
  dir: string,
  name: string,
): Promise<Readonly<{ file: string; config: TeamConfig }>> {
  const team = await readTeam(dir)
  const repos = recordOf(team.raw['repos'])
  if (name in repos)
    throw new TroubleError({
      what: `there is a repository called ${name} already`,
      where: 'tandem.ts',
      now: 'push to it, or give this one another name',
    })
  const config = expected(team, { repos: { ...repos, [name]: {} } })
  const file = await add(team, 'repos', { name, value: {}, shown: '{}', wanted: config })
  return { file, config }
}

type Entry = Readonly<{ name: string; value: Written; shown: string; wanted: TeamConfig }>

async function add(
  team: Team,
  list: 'hosts' | 'repos',
  { name, value, shown, wanted }: Entry,
): Promise<string> {
  const spot = await listSpot(team, list)
  if (spot === null) throw computed(list, 'tandem.ts', `${name}: ${shown},`)
  const entry = { key: name, value }
  const property = spot.isList ? entry : { key: list, value: { [name]: value } }
  return await write(team, spot, { text: withProperty(spot.script, spot.object, property), wanted })
}

/** Takes a host out. Returns the file it stood in. */
export async function removeHost(dir: string, name: string): Promise<string> {
  const team = await readTeam(dir)
  const { [name]: _, ...others } = team.hosts
  const wanted = expected(team, { hosts: others })
  const spot = await spotOf(team, ['hosts', name], 'key')
  const object = spot && holderOf(spot.script, spot.at)
  const property = object && propertyIn(object, name)
  if (spot === null || !object || !property)
    throw computed(`hosts.${name}`, 'tandem.ts', 'take it out there by hand')
  return await write(team, spot, { text: withoutProperty(spot.script, object, property), wanted })
}

/** Writes other values at a host; `null` takes a key out. Returns the file it stands in. */
export async function alterHost(
  dir: string,
  name: string,
  values: Readonly<Record<string, string | null>>,
): Promise<string> {
  const team = await readTeam(dir)
  const host = { ...recordOf(team.hosts[name]) }
  for (const [key, value] of Object.entries(values)) {
    if (value === null) delete host[key]
    else host[key] = value
  }
  const wanted = expected(team, { hosts: { ...team.hosts, [name]: host } })
  const spot = await spotOf(team, ['hosts', name], 'meaning')
  const lines = Object.entries(values).map(([key, value]) =>
    value === null ? `no ${key}` : `${key}: '${value}',`,
  )
  const where = `hosts.${name}`
  let text = spot?.script.text ?? ''
  for (const [key, value] of Object.entries(values)) {
    const script = spot && scriptAfter(spot, text)
    const object = script?.objects.find(({ start }) => start === spot?.at)
    if (!script || object === undefined) throw computed(where, 'tandem.ts', lines.join(' '))
    text = altered(script, object, key, value)
  }
  if (spot === null) throw computed(where, 'tandem.ts', lines.join(' '))
  return await write(team, spot, { text, wanted })
}

function altered(script: Script, object: ObjectExpression, key: string, value: string | null): string {
  const property = propertyIn(object, key)
  if (value === null) return property === null ? script.text : withoutProperty(script, object, property)
  return property === null
    ? withProperty(script, object, { key, value })
    : withValue(script, object, property, value)
}

type Team = Readonly<{
  dir: string
  answer: Answer
  raw: Record<string, unknown>
  hosts: Record<string, unknown>
}>

/** A `tandem.ts` with a mistake is mended by hand first: its mistakes are told as always. */
async function readTeam(written: string): Promise<Team> {
  const dir = await realpath(written)
  await loadConfig(dir)
  const { answer } = await readConfig(dir)
  const raw = answer.result.type === 'value' ? recordOf(answer.result.value) : {}
  return { dir, answer, raw, hosts: recordOf(raw['hosts']) }
}

const recordOf = (found: unknown): Record<string, unknown> =>
  typeof found === 'object' && found !== null ? { ...found } : {}

function refuseTaken(team: Team, name: string): void {
  if (!(name in team.hosts)) return
  throw new TroubleError({
    what: `there is a host called ${name} already`,
    where: 'tandem.ts',
    now: 'give this one another name: --name NAME',
  })
}

/** What `tandem.ts` would say with this list; its mistakes are told as those of what is to be written. */
function expected(
  team: Team,
  list: Readonly<Partial<Record<'hosts' | 'repos', Record<string, unknown>>>>,
): TeamConfig {
  const resolved = resolveTeam({ ...team.raw, ...list })
  if (resolved.type === 'config') return resolved.config
  const [first, ...others] = resolved.mistakes
  if (first === undefined) throw new Error('no mistake among the mistakes')
  const tail = others.slice(0, 10).map(({ what, now }) => `${what}; ${now}`)
  throw new TroubleError({
    what: first.what,
    where: 'tandem.ts',
    now: first.now,
    ...(tail.length > 0 && { tail }),
  })
}

type Spot = Readonly<{ file: string; script: Script; source: string; at: number }>
type ListSpot = Spot &
  Readonly<{
    object: ObjectExpression
    /** Else it is the team that has no such list yet. */ isList: boolean
  }>

async function listSpot(team: Team, list: 'hosts' | 'repos'): Promise<ListSpot | null> {
  const [whole, found] = await Promise.all([spotOf(team, [], 'meaning'), spotOf(team, [list], 'meaning')])
  const isList = found !== null && (found.at !== whole?.at || found.file !== whole.file)
  // A list that is there and cannot be seen is computed: a second one would hide the first.
  if (!isList && list in team.raw) return null
  const spot = isList ? found : whole
  const object = spot?.script.objects.find(({ start }) => start === spot.at)
  return spot === null || object === undefined ? null : { ...spot, object, isList }
}

async function spotOf(team: Team, path: readonly string[], at: 'key' | 'meaning'): Promise<Spot | null> {
  const place = locator(team.answer.sources, resolve(team.dir, 'tandem.ts'))(path, at)
  const source = team.answer.sources.find((one: Source) => one.file === place.file)?.source
  const text = await textOf(place.file)
  const script = source === undefined || text === null ? null : scriptOf(text, source)
  if (source === undefined || script === null) return null
  return { file: place.file, script, source, at: offsetOf(source, place) }
}

/** The script after a change behind the spot: what was blanked out before it stands where it stood. */
function scriptAfter(spot: Spot, text: string): Script | null {
  const { text: old } = spot.script
  let same = 0
  while (same < old.length && old[same] === text[same]) same += 1
  let tail = 0
  while (tail < Math.min(old.length, text.length) - same && old.at(-1 - tail) === text.at(-1 - tail))
    tail += 1
  const source =
    spot.source.slice(0, same) + text.slice(same, text.length - tail) + spot.source.slice(old.length - tail)
  return scriptOf(text, source)
}

function offsetOf(source: string, { line, column }: Place): number {
  const before = source.split('\n').slice(0, line - 1)
  return before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1
}

/** The object that has a property whose key stands at this place. */
function holderOf({ objects }: Script, at: number): ObjectExpression | null {
  return (
    objects.find(({ properties }) =>
      properties.some((one) => one.type === 'Property' && one.key.start === at),
    ) ?? null
  )
}

async function write(
  { dir }: Team,
  { file, script }: Spot,
  { text, wanted }: Readonly<{ text: string; wanted: TeamConfig }>,
): Promise<string> {
  const shown = relative(dir, file)
  await rewriteFile(file, async (old) => {
    if (old === script.text) return text
    throw new TroubleError({ what: `${shown} was altered just now`, where: shown, now: 'do the same again' })
  })
  const found = await loadConfig(dir).then(
    ({ config }) => config,
    () => null,
  )
  if (isDeepStrictEqual(found, wanted)) return shown
  await rewriteFile(file, async (old) => (old === text ? script.text : (old ?? text)))
  throw new TroubleError({
    what: `a line more in ${shown} would not say what is meant: it is as it was`,
    where: shown,
    now: 'write it there by hand',
  })
}

const computed = (what: string, where: string, line: string): TroubleError =>
  new TroubleError({
    what: `${what} is not written out in a way that can be added to`,
    where,
    now: `write it yourself: ${line}`,
  })

/** A host as people write it, on one line. */
function shownHost(host: HostText): string {
  const pairs = Object.entries(host).flatMap(([key, value]) => {
    if (value === undefined) return []
    if (typeof value === 'number') return [`${key}: ${value}`]
    return [
      `${key}: ${typeof value === 'string' ? `'${value}'` : `[${value.map((one) => `'${one}'`).join(', ')}]`}`,
    ]
  })
  return `{ ${pairs.join(', ')} }`
}
