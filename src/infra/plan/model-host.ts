import { posix } from 'node:path'
import { type Act, debtKey, type Op, type PathState } from './op.ts'
import { pathState } from './path-state.ts'
import { sha256Of } from './plan-file.ts'
import type { PathSeen, Seen, UnitSeen } from './seen.ts'

/**
 * A host in memory, for tests of plans: operations are done to what is seen of it, as strictly as a host does them.
 * Whatever nobody put there is missing.
 */
export type ModelHost = Readonly<{
  seen: Seen
  /** What operations found at their paths, folders with all that was in them; by `CHANGE NUMBER`. */
  kept: ReadonlyMap<string, ReadonlyMap<string, PathSeen>>
}>

export type ModelWorld = Readonly<{
  change: string
  bytes: ReadonlyMap<string, Uint8Array>
  /** What packages bring when they are installed. */
  brings: Readonly<Record<string, Readonly<{ paths: ReadonlyMap<string, PathSeen>; unit: string }>>>
}>

/** Throws where a host would refuse: something moved, no folder, no user. */
export function carryOut(host: ModelHost, ops: readonly Op[], world: ModelWorld): ModelHost {
  return ops.reduce((now, op) => step(now, op, world), host)
}

function step(host: ModelHost, op: Op, world: ModelWorld): ModelHost {
  const { act } = op
  const kept = new Map(host.kept)
  if ('path' in act) kept.set(`${world.change} ${op.number}`, treeAt(host.seen, act.path))
  const seen = doAct({ ...host, kept }, act, world)
  return { seen: { ...tidied(seen), owed: owedAfter(seen.owed, op) }, kept }
}

function owedAfter(owed: ReadonlySet<string>, { act, owes }: Op): ReadonlySet<string> {
  const after = new Set([...owed, ...owes.map(debtKey)])
  if (act.type === 'pay') after.delete(debtKey(act.debt))
  return after
}

function treeAt(seen: Seen, path: string): ReadonlyMap<string, PathSeen> {
  return new Map([...seen.paths].filter(([one]) => one === path || one.startsWith(`${path}/`)))
}

/** Folders know whether they are empty. */
function tidied(seen: Seen): Seen {
  const full = new Set(
    [...seen.paths].flatMap(([path, { type }]) => (type === 'missing' ? [] : [posix.dirname(path)])),
  )
  const paths = [...seen.paths].map(([path, what]): [string, PathSeen] =>
    what.type === 'directory' ? [path, { ...what, isEmpty: !full.has(path) }] : [path, what],
  )
  return { ...seen, paths: new Map(paths) }
}

function doAct(host: ModelHost, act: Act, world: ModelWorld): Seen {
  const { seen } = host
  switch (act.type) {
    case 'write':
    case 'mkdir':
    case 'access':
    case 'link':
    case 'remove':
    case 'restore':
      return doPath(host, act, world)
    case 'packages':
      return doPackages(seen, act, world)
    case 'user':
      return doUser(seen, act)
    case 'group': {
      const gid = act.after === null ? null : (act.after.gid ?? 1000 + seen.groups.size)
      return { ...seen, groups: new Map(seen.groups).set(act.name, gid === null ? null : { gid }) }
    }
    case 'unit':
      return doUnit(seen, act)
    case 'command':
      return { ...seen, checks: new Map(seen.checks).set(`command ${act.name}`, act.check === null ? 1 : 0) }
    case 'pay':
      return seen
  }
}

type PathAct = Extract<Act, { path: string }>

function doPath(host: ModelHost, act: PathAct, world: ModelWorld): Seen {
  const { seen } = host
  const now = seen.paths.get(act.path) ?? { type: 'missing' }
  compare(act.path, act.before, now)
  const folder = seen.paths.get(posix.dirname(act.path))
  if (folder !== undefined && folder.type !== 'directory' && act.type !== 'remove')
    throw new Error(`nobody brought a folder for ${act.path}`)
  const paths = new Map(seen.paths)
  if (act.type === 'remove' || act.type === 'restore') {
    const isFull = now.type === 'directory' && !now.isEmpty
    if (act.type === 'remove' && isFull && !act.all)
      throw new Error(
        act.before.type === 'any' ? `nobody knew what is in ${act.path}` : `${act.path} is not empty`,
      )
    for (const path of treeAt(seen, act.path).keys()) paths.set(path, { type: 'missing' })
    if (act.type === 'restore') for (const [path, what] of keptBy(host, act.from)) paths.set(path, what)
    return { ...seen, paths }
  }
  paths.set(act.path, newAt(host, act, { now, bytes: world.bytes }))
  return { ...seen, paths }
}

function compare(path: string, before: PathState, now: PathSeen): void {
  if (before.type === 'any') return
  if (JSON.stringify(pathState(now)) !== JSON.stringify(before))
    throw new Error(`${path} has moved: ${JSON.stringify(pathState(now))}, not ${JSON.stringify(before)}`)
}

function keptBy(
  host: ModelHost,
  { change, number }: Readonly<{ change: string; number: number }>,
): ReadonlyMap<string, PathSeen> {
  const kept = host.kept.get(`${change} ${number}`)
  if (kept === undefined) throw new Error(`nothing was kept by ${change} ${number}`)
  return kept
}

type Putting = Readonly<{ now: PathSeen; bytes: ReadonlyMap<string, Uint8Array> }>

function newAt(
  host: ModelHost,
  act: Exclude<PathAct, { type: 'remove' | 'restore' }>,
  { now, bytes }: Putting,
): PathSeen {
  switch (act.type) {
    case 'link':
      return { type: 'link', to: act.after.to, owner: 'root', group: 'root' }
    case 'access': {
      if ((now.type !== 'file' && now.type !== 'directory') || !('mode' in act.after))
        throw new Error('no access')
      const { mode, owner, group } = act.after
      return { ...now, mode, owner, group }
    }
    case 'mkdir': {
      if (now.type !== 'missing' && now.type !== 'directory') throw new Error(`${act.path} is in the way`)
      const { mode, owner, group } = act.after
      return { type: 'directory', isEmpty: true, mode, owner, group, mtime: 0 }
    }
    case 'write': {
      if (now.type === 'directory') throw new Error(`${act.path} is a folder`)
      const found =
        act.from.type === 'sent' ? bytes.get(act.from.sha256) : bytesKept(host, act.path, act.from)
      if (found === undefined) throw new Error(`no bytes for ${act.path}`)
      const { mode, owner, group } = act.after
      return {
        type: 'file',
        size: found.length,
        sha256: sha256Of(found),
        bytes: found,
        names: 1,
        mode,
        owner,
        group,
        mtime: 0,
      }
    }
  }
}

function bytesKept(
  host: ModelHost,
  path: string,
  from: Readonly<{ change: string; number: number }>,
): Uint8Array | undefined {
  const kept = keptBy(host, from).get(path)
  return kept?.type === 'file' ? (kept.bytes ?? undefined) : undefined
}

function doPackages(seen: Seen, act: Extract<Act, { type: 'packages' }>, { brings }: ModelWorld): Seen {
  const packages = new Map(seen.packages)
  const paths = new Map(seen.paths)
  const units = new Map(seen.units)
  for (const name of [...act.remove, ...act.purge]) packages.set(name, null)
  for (const { name, version } of act.install) {
    packages.set(name, { version: version ?? '2', held: false, arch: 'amd64' })
    const brought = brings[name]
    for (const [path, what] of brought?.paths ?? [])
      if ((paths.get(path)?.type ?? 'missing') === 'missing') paths.set(path, what)
    if (brought !== undefined) units.set(brought.unit, running)
  }
  const hold = (name: string, held: boolean): void => {
    const now = packages.get(name) ?? null
    if (now !== null) packages.set(name, { ...now, held })
  }
  for (const name of act.unhold) hold(name, false)
  for (const name of act.hold) hold(name, true)
  return { ...seen, packages, paths, units }
}

const running: UnitSeen = { load: 'loaded', active: 'active', file: 'enabled', needsReload: false }

function doUser(seen: Seen, { name, after, before, removeHome }: Extract<Act, { type: 'user' }>): Seen {
  const users = new Map(seen.users)
  const groups = new Map(seen.groups)
  const paths = new Map(seen.paths)
  const now = users.get(name) ?? null
  if ((before === null) !== (now === null)) throw new Error(`the user ${name} has moved`)
  if (after === null) {
    if (now !== null && removeHome)
      for (const path of treeAt(seen, now.home).keys()) paths.set(path, { type: 'missing' })
    users.set(name, null)
    if (now?.group === name) groups.set(name, null)
    return { ...seen, users, groups, paths }
  }
  const group = after.group ?? now?.group ?? name
  if (after.group === null && now === null && (groups.get(name) ?? null) !== null)
    throw new Error(`group ${name} exists`)
  if ((groups.get(group) ?? null) === null && after.group === null)
    groups.set(group, { gid: 1000 + groups.size })
  for (const one of [group, ...(after.groups ?? [])])
    if ((groups.get(one) ?? null) === null) throw new Error(`nobody brought the group ${one} for ${name}`)
  const home = after.home ?? now?.home ?? `/home/${name}`
  if (after.makeHome) {
    const owned = { mode: 0o755, owner: name, group, mtime: 0 }
    paths.set(home, { type: 'directory', isEmpty: true, ...owned })
  }
  users.set(name, {
    uid: after.uid ?? now?.uid ?? 1000 + users.size,
    group,
    home,
    shell: after.shell ?? now?.shell ?? '/bin/sh',
    comment: after.comment ?? now?.comment ?? '',
    groups: after.groups ?? now?.groups ?? [],
    passwordSha256: now?.passwordSha256 ?? null,
  })
  return { ...seen, users, groups, paths }
}

/** A unit is there when a package has brought it or its file is. */
function doUnit(seen: Seen, act: Extract<Act, { type: 'unit' }>): Seen {
  const hasFile = seen.paths.get(`/etc/systemd/system/${act.unit}`)?.type === 'file'
  const now = seen.units.get(act.unit) ?? {
    load: 'not-found',
    active: 'inactive',
    file: '',
    needsReload: false,
  }
  if (now.load === 'not-found' && !hasFile) throw new Error(`nobody brought the unit ${act.unit}`)
  const file = act.enabled === null ? now.file || 'disabled' : act.enabled ? 'enabled' : 'disabled'
  const active = act.running === null ? now.active : act.running ? 'active' : 'inactive'
  return {
    ...seen,
    units: new Map(seen.units).set(act.unit, { load: 'loaded', active, file, needsReload: false }),
  }
}
