import { isDeepStrictEqual } from 'node:util'
import { TroubleError } from '../../change/trouble.ts'
import type { Thing } from '../things/thing.ts'
import { inOrder } from './order.ts'
import { ownedTwice } from './owners.ts'
import { refusal, shownPlace, type Wrong } from './refuse.ts'
import type { Lowered, LoweringWorld, Resource, ResourceSort } from './resource.ts'
import { revealing } from './reveal.ts'
import { sorts } from './sorts.ts'
import { straySecrets } from './stray-secrets.ts'
import { homeIn, needsFromUse } from './uses.ts'

/** What it takes to lower the resources of one host. */
export type Lowering = Readonly<{
  host: LoweringWorld['host']
  bytesOf: LoweringWorld['bytesOf']
  secrets: ReadonlyMap<string, string>
  /** The sorts that there are; left out: all of them. */
  known?: ReadonlyMap<string, ResourceSort<unknown>>
}>

/**
 * The resources of a host with the things that they are made of, in the order in which they are to be done. Throws a
 * `TroubleError`: for what a sort cannot lower, for a thing with two owners, a ring, or a secret in the open.
 */
export async function lowerAll(
  resources: readonly Resource[],
  lowering: Lowering,
): Promise<readonly Lowered[]> {
  const { host, secrets } = lowering
  const known = lowering.known ?? sorts
  const made = await thingsOfAll(inOrder(host.name, resources, new Map()), { ...lowering, known })
  const owing = withDebts(resources, made, known)
  const wrongs = [...ownedTwice(owing), ...straySecrets(owing, secrets)]
  if (wrongs.length > 0) throw refusal(host.name, wrongs)
  const byNumber = new Map(sharing(owing).map((one) => [one.resource.number, one]))
  const ordered = inOrder(host.name, resources, needsFromUse(owing))
  return ordered.flatMap(({ number }) => byNumber.get(number) ?? [])
}

type Made = ReadonlyMap<number, readonly Thing[]>

/** What a resource refers to is lowered before it, and before all others what makes users: they ask for homes. */
async function thingsOfAll(
  ordered: readonly Resource[],
  { host, bytesOf, secrets, known }: Required<Lowering>,
): Promise<Made> {
  const made = new Map<number, readonly Thing[]>()
  const wrongs: Wrong[] = []
  const world: LoweringWorld = {
    host,
    bytesOf,
    reveal: revealing(secrets),
    thingsOf: (number) => made.get(number) ?? [],
    homeOf: (user) => homeOf(user, made),
  }
  const sortOf = ({ type }: Resource) => known.get(type)
  const makesUsers = (resource: Resource) => sortOf(resource)?.makesUsers === true
  for (const resource of [...ordered.filter(makesUsers), ...ordered.filter((one) => !makesUsers(one))]) {
    try {
      made.set(resource.number, (await sortOf(resource)?.lower(resource, world)) ?? [])
    } catch (thrown) {
      if (!(thrown instanceof TroubleError)) throw thrown
      wrongs.push(wrongIn(resource, thrown))
    }
  }
  if (wrongs.length > 0) throw refusal(host.name, wrongs)
  return made
}

/** The place of the trouble may be in a template: then it is told beside that of the resource. */
function wrongIn({ id, at }: Resource, { trouble }: TroubleError): Wrong {
  const where = trouble.where === undefined || trouble.where === shownPlace(at) ? '' : `${trouble.where}: `
  return { what: `${where}${trouble.what} (${id})`, now: trouble.now, at }
}

function homeOf(user: string, made: Made): string | null {
  for (const thing of [...made.values()].flat()) {
    if (thing.type === 'user' && thing.name === user) return homeIn(thing)
  }
  return null
}

/** A service that is restarted for its configuration is owed by every thing of that configuration. */
function withDebts(
  resources: readonly Resource[],
  made: Made,
  known: Required<Lowering>['known'],
): readonly Lowered[] {
  const debts = resources.flatMap((resource) => known.get(resource.type)?.owedBy?.(resource) ?? [])
  return resources.map((resource) => {
    const owed = debts.filter(({ by }) => by === resource.number).map(({ debt }) => debt)
    const things = (made.get(resource.number) ?? []).map((thing) => ({
      ...thing,
      owes: [...thing.owes, ...owed],
    }))
    return { resource, things }
  })
}

/** Whoever of those that share a folder comes first makes it, so each of them owes what all owe. */
function sharing(lowered: readonly Lowered[]): readonly Lowered[] {
  const folders = new Map<string, Thing[]>()
  for (const thing of lowered.flatMap(({ things }) => things)) {
    if (thing.type !== 'path' || thing.want.type !== 'directory') continue
    folders.set(thing.key, [...(folders.get(thing.key) ?? []), thing])
  }
  return lowered.map(({ resource, things }) => ({
    resource,
    things: things.map((thing) => ({
      ...thing,
      owes: unlike([...thing.owes, ...(folders.get(thing.key) ?? []).flatMap(({ owes }) => owes)]),
    })),
  }))
}

function unlike<T>(all: readonly T[]): readonly T[] {
  return all.filter((one, nth) => all.findIndex((other) => isDeepStrictEqual(one, other)) === nth)
}
