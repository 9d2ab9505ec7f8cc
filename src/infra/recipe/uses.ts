import type { PathThing, Script, Thing, UnitThing, UserThing } from '../things/thing.ts'
import type { Needs } from './order.ts'
import type { Lowered } from './resource.ts'

/** What follows from use: a path needs its folder and its owner, a user its groups, a unit its file. */
export function needsFromUse(lowered: readonly Lowered[]): Needs {
  const made = madeBy(lowered)
  return new Map(
    lowered.map(({ resource: { number }, things }) => {
      const needs = new Map<number, string>()
      for (const { by, why } of things.flatMap((thing) => used(thing, made))) {
        if (by !== number && !needs.has(by)) needs.set(by, why)
      }
      return [number, needs] as const
    }),
  )
}

/** The home of a user that somebody makes. */
export function homeIn({ name, want }: UserThing): string | null {
  return want.type === 'present' ? (want.home ?? `/home/${name}`) : null
}

/** Who makes what, by its name. Where several do, the first one counts. */
type Made = Readonly<{
  /** Folders and links to folders. */
  folders: ReadonlyMap<string, number>
  /** What is taken away. */
  gone: ReadonlyMap<string, number>
  users: ReadonlyMap<string, number>
  homes: ReadonlyMap<string, Readonly<{ user: string; by: number }>>
  groups: ReadonlyMap<string, number>
  usersGone: readonly number[]
  /** The files and links in which units are written. */
  unitFiles: readonly Readonly<{ unit: string; path: string; by: number }>[]
  /** Folders by the user or group that own them. */
  owners: ReadonlyMap<string, ReadonlySet<string>>
}>

type Use = Readonly<{ by: number; why: string }>

function madeBy(lowered: readonly Lowered[]): Made {
  const all = lowered.flatMap(({ resource, things }) =>
    things.map((thing) => ({ thing, by: resource.number })),
  )
  const paths = all.flatMap(({ thing, by }) => (thing.type === 'path' ? [{ thing, by }] : []))
  const users = all.flatMap(({ thing, by }) => (thing.type === 'user' ? [{ thing, by }] : []))
  const groups = all.flatMap(({ thing, by }) => (thing.type === 'group' ? [{ thing, by }] : []))
  const isThere = ({ thing }: { thing: { want: { type: string } } }) => thing.want.type !== 'absent'
  const folders = paths.filter(({ thing: { want } }) => want.type === 'directory' || want.type === 'link')
  return {
    folders: firsts(folders.map(({ thing, by }) => [thing.path, by])),
    gone: firsts(paths.filter((one) => !isThere(one)).map(({ thing, by }) => [thing.path, by])),
    users: firsts(users.filter(isThere).map(({ thing, by }) => [thing.name, by])),
    homes: firsts(
      users.flatMap(({ thing, by }) => {
        const home = homeIn(thing)
        return home === null ? [] : [[home, { user: thing.name, by }] as const]
      }),
    ),
    groups: firsts(groups.filter(isThere).map(({ thing, by }) => [thing.name, by])),
    usersGone: users.filter((one) => !isThere(one)).map(({ by }) => by),
    unitFiles: paths.filter(isThere).flatMap(({ thing: { path }, by }) => {
      const unit = unitOf(path)
      return unit === null ? [] : [{ unit, path, by }]
    }),
    owners: new Map(folders.map(({ thing: { path, want } }) => [path, ownersOf(want)])),
  }
}

function firsts<T>(pairs: readonly (readonly [string, T])[]): ReadonlyMap<string, T> {
  return new Map(pairs.toReversed())
}

/** The unit that a file says something about: by itself, or in a folder of drop-ins. */
function unitOf(path: string): string | null {
  const [, unit] =
    /^(?:\/etc|\/run|\/usr\/local\/lib|\/usr\/lib|\/lib)\/systemd\/system\/([^/]+?)(?:\.d\/[^/]+)?$/.exec(
      path,
    ) ?? []
  return unit ?? null
}

function ownersOf(want: PathThing['want']): ReadonlySet<string> {
  return new Set('owner' in want ? [want.owner, want.group].filter((name) => name !== null) : [])
}

function used(thing: Thing, made: Made): readonly Use[] {
  switch (thing.type) {
    case 'path':
      return thing.want.type === 'absent' ? usedByAbsence(thing.path, made) : usedByPath(thing, made)
    case 'user':
      return usedByUser(thing, made)
    case 'group':
      return thing.want.type === 'absent'
        ? made.usersGone.map((by) => ({ by, why: 'as its users go first' }))
        : []
    case 'unit':
      return usedByUnit(thing, made)
    case 'command':
      return [thing.check, thing.run, thing.undo].flatMap((script) => usedByScript(script, made))
    case 'package':
      return []
  }
}

function usedByPath({ path, want }: PathThing, made: Made): readonly Use[] {
  const owners = [...ownersOf(want)].flatMap((name) => [
    ...use(made.users.get(name), `as ${name} owns it`),
    ...use(made.groups.get(name), `as it belongs to the group ${name}`),
  ])
  return [...usedFolders(path, made), ...usedHomes(path, made), ...owners]
}

function usedFolders(path: string, made: Made): readonly Use[] {
  return above(path).flatMap((folder) => use(made.folders.get(folder), `as it is in ${folder}`))
}

/** What is at a home or in it comes after its user, who brings it. */
function usedHomes(path: string, made: Made): readonly Use[] {
  return [path, ...above(path)].flatMap((folder) => {
    const home = made.homes.get(folder)
    return home === undefined ? [] : use(home.by, `as ${folder} is the home of ${home.user}`)
  })
}

/** A folder is empty once what was in it is gone. */
function usedByAbsence(path: string, made: Made): readonly Use[] {
  return [...made.gone].flatMap(([other, by]) =>
    other.startsWith(`${path}/`) ? [{ by, why: `as ${other} in it goes first` }] : [],
  )
}

function usedByUser(user: UserThing, made: Made): readonly Use[] {
  const { want, name } = user
  if (want.type === 'absent') return []
  const groups = [want.group ?? name, ...(want.groups?.names ?? [])]
  const home = homeIn(user)
  // A folder above the home that belongs to the user comes after it, not before.
  const folders = (home === null ? [] : above(home)).filter((folder) => !made.owners.get(folder)?.has(name))
  return [
    ...groups.flatMap((group) => use(made.groups.get(group), `as it is in the group ${group}`)),
    ...folders.flatMap((folder) => use(made.folders.get(folder), `as its home is in ${folder}`)),
  ]
}

/** A timer, socket or path needs what it starts, too. */
function usedByUnit({ unit }: UnitThing, made: Made): readonly Use[] {
  const started = unit.replace(/\.(timer|socket|path)$/, '.service')
  return made.unitFiles.flatMap((file) =>
    file.unit === unit || file.unit === started
      ? [{ by: file.by, why: `as ${file.path} says what it is` }]
      : [],
  )
}

function usedByScript(script: Script | null, made: Made): readonly Use[] {
  if (script === null) return []
  const { user, cwd } = script
  return [
    ...(user === null ? [] : use(made.users.get(user), `as ${user} runs it`)),
    ...(cwd === null
      ? []
      : [cwd, ...above(cwd)].flatMap((folder) => use(made.folders.get(folder), `as it runs in ${folder}`))),
  ]
}

const use = (by: number | undefined, why: string): readonly Use[] => (by === undefined ? [] : [{ by, why }])

/** The folders that a path is in, the nearest first: `/srv/shop/data` is in `/srv/shop` and `/srv`. */
function above(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, nth) => parts.slice(0, parts.length - nth).join('/')).filter(Boolean)
}
