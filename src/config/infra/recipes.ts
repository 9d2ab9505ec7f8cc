import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { TroubleError } from '../../change/trouble.ts'
import type { Answer, Slip } from '../reading/answer.ts'
import { stampOf } from '../reading/keep.ts'
import { filesOf, listed, unread } from '../reading/load.ts'
import type { Place } from '../reading/locate.ts'
import { written } from '../mistakes/mistake.ts'
import { askRecipes, type ReadLimits, recipeOf } from '../reading/read.ts'
import type { RecipeHost } from './recipe-wish.ts'
import type { Said } from '../reading/said.ts'

export type Recited = Readonly<{
  /** What the recipes say, by the name of each host that was asked about. */
  said: ReadonlyMap<string, readonly Said[]>
  /** The files it was read from, relative to the folder of `tandem.ts`: its modules first, then what those read. */
  files: readonly string[]
}>

export type RecipeReader = (hosts: readonly RecipeHost[]) => Promise<Recited>

/**
 * Asks the recipes of these hosts, all in one child process: `all` first, then the roles of the host in their order.
 * Throws a `TroubleError` that lists every mistake, with its place.
 */
export async function readRecipes(
  dir: string,
  hosts: readonly RecipeHost[],
  within?: ReadLimits,
): Promise<Recited> {
  const { answer } = await askRecipes(dir, hosts, within)
  const { result } = answer
  if (result.type === 'value') throw new Error('the configuration answered, but its recipes were asked')
  if (result.type !== 'said') throw await unread(result, answer, dir)
  const root = await realpath(dir)
  if (result.slips.length > 0) throw await slipped(result.slips, answer, root)
  return {
    said: new Map(hosts.map(({ name }) => [name, result.said[name] ?? []])),
    files: filesOf(answer, root),
  }
}

/** Reads recipes when they are asked for: again for all hosts when a file was written since, else for those that differ. */
export function recipeReader(dir: string): RecipeReader {
  let files: readonly string[] = ['tandem.ts']
  let stamp: string | null = null
  const kept = new Map<string, Readonly<{ host: string; said: readonly Said[] }>>()
  return async (hosts) => {
    const before = await stampOf(dir, files)
    if (stamp !== before) kept.clear()
    const changed = hosts.filter((host) => kept.get(host.name)?.host !== JSON.stringify(host))
    if (changed.length > 0) {
      const read = await readRecipes(dir, changed)
      const after = await stampOf(dir, read.files)
      // What was written while it was read is read again next time.
      stamp = stamp !== null && files.join() === read.files.join() && before !== after ? null : after
      files = read.files
      for (const host of changed) {
        kept.set(host.name, { host: JSON.stringify(host), said: read.said.get(host.name) ?? [] })
      }
    }
    return { said: new Map(hosts.map(({ name }) => [name, kept.get(name)?.said ?? []])), files }
  }
}

type Told = Readonly<{ what: string; now: string; place: Place }>

/** One slip is one mistake, however many hosts it is made for. */
async function slipped(slips: readonly Slip[], answer: Answer, root: string): Promise<TroubleError> {
  const [{ locator }, { complaintOf }] = await Promise.all([
    import('../reading/locate.ts'),
    import('../reading/thrown.ts'),
  ])
  const locate = locator(answer.sources, join(root, 'tandem.ts'))
  const placeOfRecipe = (role: string) => locate(['roles', role], 'meaning')
  const tell = (slip: Slip, hosts: string): Told => {
    switch (slip.type) {
      case 'thrown': {
        const who = recipeOf({ role: slip.role, host: hosts })
        // The text was understood long ago: this is what the recipe itself has read.
        const thrown = { ...slip.thrown, isSyntax: false }
        const complaint = complaintOf(thrown, answer.sources, who)
        return { ...complaint, place: complaint.place ?? placeOfRecipe(slip.role) }
      }
      case 'no resource': {
        const what = `${recipeOf({ role: slip.role, host: hosts })} returned ${slip.found}, which is no resource`
        return { what, now: nowFor(slip.found), place: placeOfRecipe(slip.role) }
      }
      case 'not returned':
        return {
          what: `${slip.resource} is made but not returned`,
          now: 'return it from the recipe, or name it in the options of another',
          place: absolute(slip.at, root),
        }
      case 'strange': {
        const what = `${written(slip.strange.path)} of ${slip.resource} is ${slip.strange.found}`
        return { what, now: nowForStrange(slip.strange.found), place: absolute(slip.at, root) }
      }
    }
  }
  const groups = new Map<string, Slip[]>()
  for (const slip of slips) {
    const { host: _, ...rest } = slip
    const key = slip.type === 'thrown' ? JSON.stringify([slip.role, slip.thrown.stack]) : JSON.stringify(rest)
    groups.set(key, [...(groups.get(key) ?? []), slip])
  }
  return listed(
    [...groups.values()].flatMap(([first, ...others]) =>
      first === undefined ? [] : [tell(first, hostsOf(first.host, others.length))],
    ),
    answer,
    root,
  )
}

const absolute = ({ file, line, column }: Place, root: string): Place => ({
  file: join(root, file),
  line,
  column,
})

function hostsOf(first: string, others: number): string {
  if (others === 0) return first
  return others === 1 ? `${first} and one other` : `${first} and ${others} others`
}

function nowFor(found: string): string {
  if (found === 'a promise')
    return 'leave out async: read what it needs at the top of the file, with await there'
  if (found === 'a function') return 'call it: return web(host), not web'
  return "return what words such as apt('nginx') gave, one or a list"
}

function nowForStrange(found: string): string {
  if (found === 'a Buffer') return "read it as a text, readFileSync(path, 'utf8'), or name the file in source"
  return 'write plain data: texts, numbers, lists and objects'
}
