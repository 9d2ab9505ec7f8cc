import { flagKey } from '../../../sdk/flag/check-condition.ts'
import { mistakesOfFlag, mistakesOfSegment } from '../../../sdk/flag/check-flag.ts'
import type { Flag, Segment } from '../../../sdk/flag/flag.ts'
import type { Mistake, Path } from '../../../sdk/flag/mistake.ts'
import {
  checkRings,
  checkTarget,
  type Lookup,
  nameOf,
  type Reference,
  referencesOfFlag,
  referencesOfSegment,
} from '../../../sdk/flag/references.ts'
import type { Environment } from '../environment.ts'
import type { Move } from '../step.ts'

/**
 * What would be wrong in an environment once these moves are made: in what is moved, in what that names, and in what
 * names it. All else is as it was when it passed, so the cost is that of what is moved, not of all flags.
 */
export function mistakesOfMoves(environment: Environment, moves: readonly Move[]): readonly Mistake[] {
  const alone = moves.flatMap(mistakesAlone)
  return alone.length > 0 ? alone : mistakesTogether(environment, moves)
}

function mistakesAlone(move: Move): readonly Mistake[] {
  const { what, key, after } = move
  const mistakes: Mistake[] = []
  flagKey(key, placeOf(what, key), (path, says, now) => void mistakes.push({ path, what: says, now }))
  if (after === null) return mistakes
  const inside = what === 'flag' ? mistakesOfFlag(after) : mistakesOfSegment(after)
  return [
    ...mistakes,
    ...inside.map((mistake) => ({ ...mistake, path: [...placeOf(what, key), ...mistake.path] })),
  ]
}

function mistakesTogether(environment: Environment, moves: readonly Move[]): readonly Mistake[] {
  const mistakes: Mistake[] = []
  const say = (path: Path, what: string, now: string): void => void mistakes.push({ path, what, now })
  const after = afterwards(environment, moves)
  const names = moves.map(({ what, key }) => `${what} ${key}`)
  for (const name of names) for (const reference of after.references(name)) checkTarget(reference, after, say)
  for (const name of names)
    for (const asker of environment.askers(name)) {
      if (names.includes(asker)) continue
      for (const reference of environment.references(asker))
        if (nameOf(reference.to) === name) checkTarget(reference, after, say)
    }
  checkRings(names, after.references, say)
  return mistakes
}

type Afterwards = Lookup & Readonly<{ references: (name: string) => readonly Reference[] }>

/** The environment as it would be. */
function afterwards(environment: Environment, moves: readonly Move[]): Afterwards {
  const flags = new Map<string, Flag | null>()
  const segments = new Map<string, Segment | null>()
  const references = new Map<string, readonly Reference[]>()
  for (const { what, key, after } of moves) {
    const path = placeOf(what, key)
    if (what === 'flag') flags.set(key, after)
    else segments.set(key, after)
    if (after === null) references.set(`${what} ${key}`, [])
    else
      references.set(
        `${what} ${key}`,
        what === 'flag' ? referencesOfFlag(after, path) : referencesOfSegment(after, path),
      )
  }
  const flag = (key: string) => (flags.has(key) ? (flags.get(key) ?? undefined) : environment.flag(key))
  const segment = (key: string) =>
    segments.has(key) ? (segments.get(key) ?? undefined) : environment.segment(key)
  return {
    flag,
    segment,
    keys: (of) => {
      const [known, moved] = [environment.keys(of), of === 'flags' ? flags : segments]
      return [...new Set([...known, ...moved.keys()])].filter((key) => moved.get(key) !== null)
    },
    references: (name) => references.get(name) ?? environment.references(name),
  }
}

function placeOf(what: Move['what'], key: string): Path {
  return [what === 'flag' ? 'flags' : 'segments', key]
}
