import { posix } from 'node:path'
import type { ProbeWants } from '../host/probe-wants.ts'
import type { Lowered } from '../recipe/resource.ts'
import type { PathThing, Thing } from '../things/thing.ts'
import type { Op } from './op.ts'
import { sha256Of } from './plan-file.ts'

/** For who only asks for the facts. */
export const noWants: ProbeWants = {
  paths: [],
  packages: [],
  users: [],
  groups: [],
  units: [],
  checks: [],
  homes: [],
}

/** What a probe has to look at, so that a host can be planned. */
export function wantsOf(lowered: readonly Lowered[]): ProbeWants {
  const things = lowered.flatMap((one) => one.things)
  return {
    paths: pathsOf(things),
    packages: unique(things.flatMap((thing) => (thing.type === 'package' ? [thing.name] : []))),
    users: unique(things.flatMap(usersOf)),
    groups: unique(things.flatMap(groupsOf)),
    units: unique(things.flatMap(unitsOf)),
    checks: things.flatMap((thing) =>
      thing.type === 'command' && thing.check !== null ? [{ key: thing.key, script: thing.check }] : [],
    ),
    homes: unique(things.flatMap((thing) => (thing.type === 'path' ? homeOf(thing.path) : []))),
  }
}

type PathWanted = ProbeWants['paths'][number]

/** Each path once, and the folder that it is in. */
function pathsOf(things: readonly Thing[]): readonly PathWanted[] {
  const wanted = new Map<string, PathWanted>()
  const add = (one: PathWanted): void => {
    const before = wanted.get(one.path)
    const wantSha = before?.wantSha ?? one.wantSha
    wanted.set(one.path, {
      path: one.path,
      wantSha,
      wantBytes: (before?.wantBytes ?? false) || one.wantBytes,
    })
  }
  for (const thing of things) {
    if (thing.type === 'user')
      homesOf(thing).forEach((path) => add({ path, wantSha: null, wantBytes: false }))
    if (thing.type !== 'path') continue
    add(pathWanted(thing))
    const folder = posix.dirname(thing.path)
    if (folder !== '/' && !/^~[^/]*$/.test(folder)) add({ path: folder, wantSha: null, wantBytes: false })
  }
  return [...wanted.values()]
}

/** Bytes come back for a diff or an edit; those of files with secrets stay where they are. */
function pathWanted({ path, want }: PathThing): PathWanted {
  const isPlain = want.type === 'file' && want.content.secrets.length === 0
  return {
    path,
    wantSha: isPlain ? sha256Of(want.content.bytes) : null,
    wantBytes: want.type === 'edited',
  }
}

/** The home of a user that may be new: whether it is there decides what useradd does. */
function homesOf({ name, want }: Extract<Thing, { type: 'user' }>): readonly string[] {
  return want.type === 'present' ? [want.home ?? `/home/${name}`] : []
}

function homeOf(path: string): readonly string[] {
  const user = /^~([^/]+)\//.exec(path)?.[1]
  return user === undefined ? [] : [user]
}

/** Owners of files as well: one who is not there is a mistake, unless something brings them. */
function usersOf(thing: Thing): readonly string[] {
  if (thing.type === 'user') return [thing.name]
  if (thing.type !== 'path' || !('owner' in thing.want)) return []
  return named(thing.want.owner)
}

function groupsOf(thing: Thing): readonly string[] {
  switch (thing.type) {
    case 'group':
      return [thing.name]
    case 'user':
      if (thing.want.type === 'absent') return []
      return [thing.name, ...named(thing.want.group), ...(thing.want.groups?.names ?? [])]
    case 'path':
      return 'group' in thing.want ? named(thing.want.group) : []
    case 'package':
    case 'unit':
    case 'command':
      return []
  }
}

/** Numbers need nobody, and root is always there. */
function named(name: string | null): readonly string[] {
  return name === null || name === 'root' || /^\d+$/.test(name) ? [] : [name]
}

/** Units that are restarted as well: one that does not run is owed nothing. */
function unitsOf(thing: Thing): readonly string[] {
  const owed = thing.owes.flatMap((debt) => ('unit' in debt ? [debt.unit] : []))
  return thing.type === 'unit' ? [thing.unit, ...owed] : owed
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}

/** What a probe has to look at, so that operations can be turned round. */
export function wantsOfOps(ops: readonly Op[]): ProbeWants {
  const acts = ops.map(({ act }) => act)
  const paths = unique(acts.flatMap((act) => ('path' in act ? [act.path] : [])))
  return {
    ...noWants,
    paths: paths.map((path) => ({ path, wantSha: null, wantBytes: false })),
    packages: unique(acts.flatMap((act) => (act.type === 'packages' ? Object.keys(act.before) : []))),
    users: unique(acts.flatMap((act) => (act.type === 'user' ? [act.name] : []))),
    groups: unique(
      acts.flatMap((act) => {
        if (act.type === 'group') return [act.name]
        return act.type === 'user' ? [act.name, ...named(act.before?.group ?? null)] : []
      }),
    ),
    units: unique([
      ...acts.flatMap((act) => (act.type === 'unit' ? [act.unit] : [])),
      ...ops.flatMap(({ owes }) => owes.flatMap((debt) => ('unit' in debt ? [debt.unit] : []))),
    ]),
  }
}
