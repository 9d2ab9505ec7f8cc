/**
 * The part of the child's program that asks recipes. It travels as text, like `evaluate.ts`: these functions use nothing
 * but Node, their arguments, each other, and those there.
 */
import type { Json } from '../../change/json.ts'
import type { Result, Slip, Strange } from './answer.ts'
import { type Copying, described, type Loading, plain } from './evaluate-outcome.ts'
import type { RecipeHost } from '../infra/recipe-wish.ts'
import type { Said } from './said.ts'
import type { Made, MadeResource } from './words.ts'

type Recipes = Readonly<Record<string, unknown>>

/** What it takes to ask one host's recipes. */
type Asking = Readonly<{ recipes: Recipes; made: Made; slips: Slip[]; loading: Loading }>

export const recipeFunctions = [
  askAll,
  askHost,
  askRecipe,
  gathered,
  oddity,
  within,
  saidOf,
  label,
  placeOf,
  frozen,
]

export function askAll(
  team: unknown,
  made: Made,
  hosts: readonly RecipeHost[],
  loading: Loading,
): Result & { type: 'said' } {
  const roles: unknown = typeof team === 'object' && team !== null ? Reflect.get(team, 'roles') : null
  const recipes = typeof roles === 'object' && roles !== null ? (roles as Recipes) : {}
  const slips: Slip[] = []
  const said = hosts.map((host) => [host.name, askHost(frozen(host), { recipes, made, slips, loading })])
  return { type: 'said', said: Object.fromEntries(said), slips }
}

function askHost(host: RecipeHost, asking: Asking): readonly Said[] {
  const { recipes, made, slips, loading } = asking
  made.fresh.length = 0
  const slipsBefore = slips.length
  const roles = [...new Set(['all', ...host.roles])].filter((role) => typeof recipes[role] === 'function')
  const returned = roles.flatMap((role) => askRecipe(host, role, asking))
  const reached = new Set<unknown>()
  // A resource counts when it is returned, or when one that counts refers to it.
  for (const next = [...returned]; next.length > 0;) {
    const resource = next.pop()
    if (reached.has(resource)) continue
    reached.add(resource)
    next.push(...within(made.all.get(resource)?.options, made, []))
  }
  if (slips.length === slipsBefore) {
    for (const resource of made.fresh) {
      const of = made.all.get(resource)
      if (of === undefined || reached.has(resource)) continue
      slips.push({ type: 'not returned', host: host.name, resource: label(of), at: placeOf(of, loading) })
    }
  }
  const mine = [...reached].flatMap((resource) => {
    const of = made.all.get(resource)
    return of === undefined ? [] : [{ resource, of }]
  })
  mine.sort((a, b) => a.of.order - b.of.order)
  const numbers = new Map(mine.map(({ resource }, number) => [resource, number]))
  return mine.map(({ of }, number) => saidOf(of, number, { numbers, host, asking }))
}

function askRecipe(host: RecipeHost, role: string, { recipes, made, slips, loading }: Asking): unknown[] {
  const recipe = recipes[role]
  if (typeof recipe !== 'function') return []
  loading.tell({ host: host.name, role })
  const found: unknown[] = []
  try {
    const odd = gathered(recipe(host), made, found, 0)
    if (odd !== null) slips.push({ type: 'no resource', host: host.name, role, found: odd })
  } catch (thrown) {
    slips.push({ type: 'thrown', host: host.name, role, thrown: described(thrown, loading.failedImport) })
  }
  return found
}

/** Puts all resources of what a recipe returned into `into`; what else it found there, or `null`. */
function gathered(returned: unknown, made: Made, into: unknown[], depth: number): string | null {
  if (!returned) return null
  if (made.all.has(returned)) {
    into.push(returned)
    return null
  }
  if (!Array.isArray(returned) || depth > 50) return oddity(returned)
  const odd = returned.map((one) => gathered(one, made, into, depth + 1))
  return odd.find((one) => one !== null) ?? null
}

function oddity(found: unknown): string {
  if (typeof found === 'string') return `the text '${found.slice(0, 40)}'`
  if (typeof found !== 'object' || found === null) return `a ${typeof found}`
  if (Array.isArray(found)) return 'a list in lists in lists'
  return 'then' in found ? 'a promise' : 'an object'
}

/** The resources that options refer to. */
function within(options: unknown, made: Made, above: readonly unknown[]): unknown[] {
  if (made.all.has(options)) return [options]
  if (typeof options !== 'object' || options === null || above.includes(options)) return []
  return Object.values(options).flatMap((value) => within(value, made, [...above, options]))
}

type Around = Readonly<{ numbers: ReadonlyMap<unknown, number>; host: RecipeHost; asking: Asking }>

function saidOf(of: MadeResource, number: number, { numbers, host, asking }: Around): Said {
  const at = placeOf(of, asking.loading)
  const strange: Strange[] = []
  const copying: Copying = {
    strange,
    stand: (found) => {
      const resource = numbers.get(found)
      return resource === undefined ? undefined : { resource }
    },
  }
  const name = plain(of.name ?? null, ['name'], [], copying) as Json
  const options = plain(of.options ?? {}, ['options'], [], copying) as Json
  // An option may be undefined; that is as if it were not there.
  for (const one of strange.filter(({ found }) => found !== 'undefined')) {
    asking.slips.push({ type: 'strange', host: host.name, resource: label(of), at, strange: one })
  }
  return { number, type: of.type, name, options, at }
}

function label({ type, name }: MadeResource): string {
  return typeof name === 'string' ? `${type} ${name}` : `${type} ${String(name).slice(0, 80)}`
}

function placeOf(
  { at: { url, line, column } }: MadeResource,
  { url: { fileURLToPath }, dir }: Loading,
): Said['at'] {
  return { file: fileURLToPath(url).slice(dir.length + 1), line, column }
}

/** Recipes share it, so that none may change it. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen)
  return value
}
