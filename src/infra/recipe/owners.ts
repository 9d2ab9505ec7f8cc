import { isDeepStrictEqual } from 'node:util'
import type { PackageThing, PathThing, Thing } from '../things/thing.ts'
import { type Wrong, shownPlace } from './refuse.ts'
import type { Lowered, Resource } from './resource.ts'

type Owned = Readonly<{ resource: Resource; thing: Thing }>

/**
 * Every thing that two resources own. Edits of one file go together, and so do folders that are wanted alike, and what a
 * resource only needs beside others.
 */
export function ownedTwice(lowered: readonly Lowered[]): readonly Wrong[] {
  const owners = new Map<string, Owned>()
  const wrongs: Wrong[] = []
  for (const { resource, things } of lowered) {
    for (const thing of things) {
      const owned = ownedBy(thing)
      const first = owners.get(owned)
      if (first === undefined) owners.set(owned, { resource, thing })
      else if (first.resource !== resource && !mayShare(first.thing, thing)) {
        wrongs.push(twice(owned, first.resource, resource))
      }
    }
  }
  return wrongs
}

function twice(key: string, first: Resource, second: Resource): Wrong {
  return {
    what: `${key} belongs to ${second.id} and to ${first.id} (${shownPlace(first.at)})`,
    now: 'say all of it in one of them, and leave it out of the other',
    at: second.at,
  }
}

/** What a thing is in the end, also where its key says that others may own a part of it. */
function ownedBy(thing: Thing): string {
  switch (thing.type) {
    case 'path':
      return `path ${thing.path}`
    case 'package':
      return `package ${thing.name}`
    case 'user':
    case 'group':
    case 'unit':
    case 'command':
      return thing.key
  }
}

const isShared = (thing: Thing): boolean => thing.key !== ownedBy(thing)

function mayShare(a: Thing, b: Thing): boolean {
  const isPart = isShared(a) || isShared(b)
  if (a.type === 'package' && b.type === 'package') return isPart && fit(a, b)
  if (a.type !== 'path' || b.type !== 'path') return false
  if (a.want.type === 'edited' && b.want.type === 'edited') return agree(a.want, b.want)
  if (a.want.type !== 'directory' || b.want.type !== 'directory') return false
  return isPart || isDeepStrictEqual(a.want, b.want)
}

/** A package that several need is there for all of them. */
function fit({ want: a }: PackageThing, { want: b }: PackageThing): boolean {
  if (a.type !== 'installed' || b.type !== 'installed') return false
  return a.version === null || b.version === null || a.version === b.version
}

type Edited = PathThing['want'] & { type: 'edited' }

/** Null says nothing, so it agrees with everything. */
function agree(a: Edited, b: Edited): boolean {
  const pairs = [
    [a.mode, b.mode],
    [a.owner, b.owner],
    [a.group, b.group],
  ] as const
  return pairs.every(([one, other]) => one === null || other === null || one === other)
}
