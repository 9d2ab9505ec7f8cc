/**
 * The hosts in `tandem.ts`, written by a command: a line more, a line less, another value. What would be a mistake is
 * refused before anything is written; what is written is read again, and put back when it says something else.
 */
import type { ObjectExpression } from 'acorn'
import { realpath } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { relative, resolve } from 'node:path'
import { TroubleError } from '../change/trouble.ts'
import type { Answer, Source } from './answer.ts'
import type { HostConfig, TeamConfig } from './config.ts'
import { loadConfig } from './load.ts'
import { locator, type Place } from './locate.ts'
import {
  propertyIn,
  type Script,
  scriptOf,
  withoutProperty,
  withProperty,
  withValue,
  type Written,
} from './object-text.ts'
import { readConfig } from './read.ts'
import { resolveTeam } from './resolve.ts'
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
  const found = expected(team, { ...team.hosts, [name]: host }).hosts[name]
  if (found === undefined) throw new Error(`${name} was added and is not there`)
  return found
}

/** Writes a host more. Returns the file it stands in now, relative to `dir`. */
export async function addHost(dir: string, name: string, host: HostText): Promise<string> {
  const team = await readTeam(dir)
  refuseTaken(team, name)
  const wanted = expected(team, { ...team.hosts, [name]: host })
  const spot = await hostsSpot(team)
  if (spot === null) throw computed('hosts', 'tandem.ts', `${name}: ${shownHost(host)},`)
  const value: Written = Object.fromEntries(Object.entries(host).filter(([, one]) => one !== undefined))
  const entry = { key: name, value }
  const property = spot.isHosts ? entry : { key: 'hosts', value: { [name]: value } }
  return await write(team, spot, { text: withProperty(spot.script, spot.object, property), wanted })
}

/** Takes a host out. Returns the file it stood in. */
export async function removeHost(dir: string, name: string): Promise<string> {
  const team = await readTeam(dir)
  const { [name]: _, ...others } = team.hosts
  const wanted = expected(team, others)
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
  const wanted = expected(team, { ...team.hosts, [name]: host })
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

/** What `tandem.ts` would say with these hosts; its mistakes are told as those of the hosts that are to be written. */
function expected(team: Team, hosts: Record<string, unknown>): TeamConfig {
  const resolved = resolveTeam({ ...team.raw, hosts })
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
type HostsSpot = Spot &
  Readonly<{ object: ObjectExpression; /** Else it is the team that has no hosts yet. */ isHosts: boolean }>

async function hostsSpot(team: Team): Promise<HostsSpot | null> {
  const [whole, hosts] = await Promise.all([spotOf(team, [], 'meaning'), spotOf(team, ['hosts'], 'meaning')])
  const isHosts = hosts !== null && (hosts.at !== whole?.at || hosts.file !== whole.file)
  // Hosts that are there and cannot be seen are computed: a second list of them would hide the first.
  if (!isHosts && 'hosts' in team.raw) return null
  const spot = isHosts ? hosts : whole
  const object = spot?.script.objects.find(({ start }) => start === spot.at)
  return spot === null || object === undefined ? null : { ...spot, object, isHosts }
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
