import type { Json } from '../../change/json.ts'
import { parse } from '../../config/mistakes/complain.ts'
import type { Mistake } from '../../config/mistakes/mistake.ts'
import { nearest } from '../../config/mistakes/nearest.ts'
import type { Said } from '../../config/reading/said.ts'
import { refusal, type Wrong } from './refuse.ts'
import type { Resource, ResourceSort } from './resource.ts'
import { sorts } from './sorts.ts'

type Sorts = ReadonlyMap<string, ResourceSort<unknown>>

/** What the recipes of a host say, checked. Throws a `TroubleError` that lists every mistake with its place. */
export function readSaid(host: string, said: readonly Said[], known: Sorts = sorts): readonly Resource[] {
  const wrongs: Wrong[] = []
  const resources: Resource[] = []
  const times = new Map<string, number>()
  for (const one of said) {
    const resource = readOne(one, known, wrongs)
    if (resource === null) continue
    const time = (times.get(resource.id) ?? 0) + 1
    times.set(resource.id, time)
    resources.push(time === 1 ? resource : { ...resource, id: `${resource.id} #${time}` })
  }
  if (wrongs.length > 0) throw refusal(host, wrongs)
  return resources
}

function readOne(said: Said, known: Sorts, wrongs: Wrong[]): Resource | null {
  const { number, type, at } = said
  const sort = known.get(type)
  if (sort === undefined) {
    wrongs.push(unknownWord(type, known, said))
    return null
  }
  const mistakes: Mistake[] = []
  const name = parse(sort.name, said.name, [type, 'name'], mistakes)
  const options = parse(sort.options, said.options, [type], mistakes)
  const isHidden = JSON.stringify(said.name).includes('\u{E000}')
  const told = isHidden ? [secretName(type)] : mistakes
  wrongs.push(...told.map(({ what, now }) => ({ what: what + called(said.name), now, at })))
  if (name === null || told.length > 0) return null
  const id = `${type} ${sort.called?.(name, options) ?? name}`
  return { number, type, id, name, options, at, after: referred(said.options) }
}

/** Says which of many it is: a recipe often makes them in a loop. */
function called(name: Json): string {
  return typeof name === 'string' && !name.includes('\u{E000}') ? ` (${name.slice(0, 100)})` : ''
}

function secretName(type: string): Mistake {
  const what = `${type}.name has a secret in it`
  return { path: [type, 'name'], at: 'value', what, now: 'names are shown to everybody; take another' }
}

function unknownWord(type: string, known: Sorts, { at }: Said): Wrong {
  const meant = nearest(type, [...known.keys()])
  const now = meant === null ? `known: ${[...known.keys()].join(', ')}` : `did you mean '${meant}'?`
  return { what: `no resource is called '${type}'`, now, at }
}

/** The numbers of all resources that options name, each once. */
function referred(options: Json): readonly number[] {
  return [...new Set(numbersIn(options))]
}

function numbersIn(found: Json): readonly number[] {
  if (typeof found !== 'object' || found === null) return []
  const entries = Object.entries(found)
  const [only] = entries
  if (entries.length === 1 && only?.[0] === 'resource' && typeof only[1] === 'number') return [only[1]]
  return entries.flatMap(([, value]) => numbersIn(value))
}
