import { isDeepStrictEqual } from 'node:util'
import type { PathThing, Thing } from '../things/thing.ts'
import { type Wrong, shownPlace } from './refuse.ts'
import type { Lowered, Resource } from './resource.ts'

type Owned = Readonly<{ resource: Resource; thing: Thing }>

/** Every thing that two resources own. Edits of one file go together, and so do folders that are wanted alike. */
export function ownedTwice(lowered: readonly Lowered[]): readonly Wrong[] {
  const owners = new Map<string, Owned>()
  const wrongs: Wrong[] = []
  for (const { resource, things } of lowered) {
    for (const thing of things) {
      const first = owners.get(thing.key)
      if (first === undefined) owners.set(thing.key, { resource, thing })
      else if (first.resource !== resource && !mayShare(first.thing, thing)) {
        wrongs.push(twice(thing.key, first.resource, resource))
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

function mayShare(a: Thing, b: Thing): boolean {
  if (a.type !== 'path' || b.type !== 'path') return false
  if (a.want.type === 'edited' && b.want.type === 'edited') return agree(a.want, b.want)
  return a.want.type === 'directory' && isDeepStrictEqual(a.want, b.want)
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
