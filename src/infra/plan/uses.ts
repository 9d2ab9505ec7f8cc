import { posix } from 'node:path'
import type { Thing } from '../things/thing.ts'

/** What a thing is for others: `path /srv/app`, `user deploy`. Several things may make a part of one. */
export function madeBy(thing: Thing): string {
  switch (thing.type) {
    case 'path':
      return `path ${thing.path}`
    case 'unit':
      return `unit ${thing.unit}`
    case 'package':
    case 'user':
    case 'group':
    case 'command':
      return `${thing.type} ${thing.name}`
  }
}

/** What must be as its recipe says before a thing can be: itself as others want it, its folders, its owners, its file. */
export function usesOf(thing: Thing): readonly string[] {
  return [madeBy(thing), ...needsOf(thing)]
}

function needsOf(thing: Thing): readonly string[] {
  switch (thing.type) {
    case 'path': {
      const { owner, group } = 'owner' in thing.want ? thing.want : { owner: null, group: null }
      return [...foldersOf(thing.path), `user ${owner ?? ''}`, `group ${group ?? ''}`, ...homeOf(thing.path)]
    }
    case 'unit':
      return ['/etc/systemd/system', '/run/systemd/system'].map((folder) => `path ${folder}/${thing.unit}`)
    case 'user': {
      if (thing.want.type === 'absent') return []
      return [thing.name, thing.want.group ?? '', ...(thing.want.groups?.names ?? [])].map(
        (name) => `group ${name}`,
      )
    }
    case 'package':
    case 'group':
    case 'command':
      return []
  }
}

function foldersOf(path: string): readonly string[] {
  const folder = posix.dirname(path)
  return folder === '/' || folder === '.' ? [] : [`path ${folder}`, ...foldersOf(folder)]
}

function homeOf(path: string): readonly string[] {
  const user = /^~([^/]+)\//.exec(path)?.[1]
  return user === undefined ? [] : [`user ${user}`]
}
