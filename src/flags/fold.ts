import type { FlagDelta, FlipWish, ScheduleView } from '../api/wire/flags.ts'
import type { Entry } from '../change/entry.ts'
import type { ChangeId, Door } from '../change/order.ts'
import { type Plan, stepsOf } from '../change/plan.ts'
import { type Aside, isAside, type Written as Line } from '../change/occurrence.ts'
import type { Flag, Segment } from '../../sdk/flag/flag.ts'
import { Environment } from './environment.ts'
import { type Deed, deedOf, type Move, revOf } from './step.ts'

/** A flip that has not ended: whose it is, and what it is to do once it is planned. */
export type OpenFlip = Readonly<{ who: string; door: Door; why: string; target: string; plan: Plan | null }>

/** What the ledger says of flags up to one of its lines. */
export type Folded = Readonly<{
  environments: Map<string, Environment>
  open: Map<ChangeId, OpenFlip>
  schedules: Map<string, ScheduleView>
  /** Called for whatever alters. */
  told: (delta: FlagDelta) => void
}>

export const noFlags = (told: Folded['told']): Folded => ({
  environments: new Map(),
  open: new Map(),
  schedules: new Map(),
  told,
})

export function environmentIn({ environments, told }: Folded, name: string): Environment {
  const known = environments.get(name)
  if (known !== undefined) return known
  const environment = new Environment(name, told)
  environments.set(name, environment)
  return environment
}

/**
 * Takes in the next line of the ledger; true when it altered flags. A deed is in force from the line that says that its
 * step has begun, and out of force from the one that says that its undoing has: whoever reads the same lines, at whatever
 * time and with whatever version, comes to the same flags.
 */
export function fold(folded: Folded, line: Line): boolean {
  if (isAside(line)) return foldAside(folded, line)
  const flip = folded.open.get(line.change)
  if (line.type === 'ordered') {
    const { kind, who, door, why, target } = line.order
    if (kind === 'flip') folded.open.set(line.change, { who, door, why, target, plan: null })
    return false
  }
  if (flip === undefined) return false
  switch (line.type) {
    case 'planned':
      folded.open.set(line.change, { ...flip, plan: line.plan })
      return false
    case 'step-started':
      return doDeed(folded, flip, line, line.step)
    case 'undo-started':
      return undoDeed(folded, flip, line, line.step)
    case 'finished':
    case 'refused':
    case 'withdrawn':
    case 'undone':
    case 'stuck':
      folded.open.delete(line.change)
      return false
    case 'leased':
    case 'announced':
    case 'stage-started':
    case 'step-done':
    case 'step-failed':
    case 'watched':
    case 'stage-done':
    case 'stop-asked':
    case 'overruled':
    case 'decided':
    case 'undo-done':
    case 'undo-failed':
    case 'fenced':
    case 'healed':
    case 'resumed':
    case 'note':
      return false
  }
}

function foldAside({ schedules }: Folded, aside: Aside): false {
  if (aside.type === 'scheduled') {
    const { id, about: target, wish, due, who, why } = aside
    schedules.set(id, { id, target, wish: wish as unknown as FlipWish, due, who, why })
  }
  if (aside.type === 'unscheduled') schedules.delete(aside.id)
  return false
}

function doDeed(folded: Folded, flip: OpenFlip, entry: Entry, step: string): boolean {
  const deed = deedIn(flip, step)
  if (deed === null) return false
  const environment = environmentIn(folded, deed.environment)
  if (deed.action === 'switch') return turn(environment, flip, entry, { key: deed.flag, on: deed.on })
  if (!deed.moves.every((move) => isSame(definitionAt(environment, move), move.before))) return false
  alter(
    environment,
    flip,
    entry,
    deed.moves.map((move) => ({ ...move, to: move.after })),
  )
  return true
}

/** What was made another again since by somebody else is left to them, but for the switch, which is beside all else. */
function undoDeed(folded: Folded, flip: OpenFlip, entry: Entry, step: string): boolean {
  const deed = deedIn(flip, step)
  if (deed === null) return false
  const environment = environmentIn(folded, deed.environment)
  if (deed.action === 'switch') return turn(environment, flip, entry, { key: deed.flag, on: deed.was })
  const backs = deed.moves.flatMap((move) => backOf(environment, move))
  if (backs.length === 0) return false
  alter(environment, flip, entry, backs)
  return true
}

function deedIn({ plan }: OpenFlip, id: string): Deed | null {
  const step = plan === null ? undefined : stepsOf(plan).find((one) => one.id === id)
  return step === undefined ? null : deedOf(step)
}

export type Back = Readonly<{ what: Move['what']; key: string; to: Flag | Segment | null }>

/** What a move that is taken back makes of what is there now; nothing where somebody else has altered it since. */
export function backOf(environment: Environment, move: Move): readonly Back[] {
  const now = definitionAt(environment, move)
  const { what, key, before, after } = move
  if (isSame(now, after)) return [{ what, key, to: before }]
  if (now === null || before === null || after === null || !('on' in now) || !('on' in after)) return []
  if (!('on' in before) || !isSame({ ...now, on: after.on }, after)) return []
  return [{ what, key, to: { ...before, on: now.on } }]
}

function turn(
  environment: Environment,
  flip: OpenFlip,
  entry: Entry,
  { key, on }: Readonly<{ key: string; on: boolean }>,
): boolean {
  const flag = environment.flag(key)
  if (flag === undefined || flag.on === on) return false
  alter(environment, flip, entry, [{ what: 'flag', key, to: { ...flag, on } }])
  return true
}

function alter(
  environment: Environment,
  { who, door, why }: OpenFlip,
  entry: Entry,
  backs: readonly Back[],
): void {
  const of = (what: Move['what']) =>
    Object.fromEntries(backs.filter((back) => back.what === what).map(({ key, to }) => [key, to]))
  environment.alter({
    // The hash of a line stands for all lines before it: what is called the same is the same, also in a ledger that was
    // restored from a copy and went another way from there.
    rev: `${entry.seq}-${entry.hash.slice(0, 12)}`,
    change: entry.change,
    who,
    door,
    why,
    at: entry.at,
    flags: of('flag') as Record<string, Flag | null>,
    segments: of('segment') as Record<string, Segment | null>,
  })
}

/** What is there now where a move moves something. */
export function definitionAt(
  environment: Environment,
  { what, key }: Pick<Move, 'what' | 'key'>,
): Flag | Segment | null {
  return (what === 'flag' ? environment.flag(key) : environment.segment(key)) ?? null
}

/** Whether two definitions say the same. */
export function isSame(one: Flag | Segment | null, other: Flag | Segment | null): boolean {
  if (one === null || other === null) return one === other
  return revOf(one) === revOf(other)
}
