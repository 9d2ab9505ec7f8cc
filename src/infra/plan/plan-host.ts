import type { PlanLine } from '../../change/plan.ts'
import type { Trouble } from '../../change/trouble.ts'
import type { Lowered } from '../recipe/resource.ts'
import type { Content, Thing } from '../things/thing.ts'
import { changesOf } from './changes.ts'
import { type Fold, foldItems } from './fold.ts'
import { gather } from './gather.ts'
import { debtKey, type Op } from './op.ts'
import type { Seen } from './seen.ts'
import { debtsOf, settle } from './settle.ts'
import { absolute } from './state.ts'
import { type Standing, standingsOf } from './standing.ts'

export type PlanHostInput = Readonly<{
  host: string
  /** In the order in which they are done. */
  lowered: readonly Lowered[]
  seen: Seen
  /** What bytes are called in plans: their SHA-256, or a keyed digest where there are secrets in them. */
  digestOf: (content: Content) => string
  /** Operations of a later round count on from those before it: on the host, numbers name what they keep. */
  firstNumber?: number
}>

/** All that one host needs to become what its recipes say. */
export type HostPlan = Readonly<{
  host: string
  ops: readonly Op[]
  /** What travels with the program, by the digest that operations name. */
  bytes: ReadonlyMap<string, Uint8Array>
  /** Crypted passwords of users, by name: they travel as well, and are in no operation. */
  passwords: ReadonlyMap<string, Uint8Array>
  /** One for each resource, in the order of the recipe, and then one for each payment. */
  changes: readonly ResourceChange[]
  unknowns: readonly string[]
  /** What can only be planned when all of these operations are done. */
  deferred: readonly Lowered[]
  troubles: readonly Trouble[]
  /** By key of the thing: what its recipe says, what was seen of it, and what is left of it. */
  standings: ReadonlyMap<string, Standing>
  /** All paths that the recipe speaks of. */
  managed: ReadonlySet<string>
  /** By key of the thing: what `driftOf` compares with later. */
  applied: Readonly<Record<string, string>>
}>

export type ResourceChange = Readonly<{
  type: 'resource' | 'payment' | 'deferred'
  /** `file /etc/motd`, or what is paid: `restart nginx.service`. */
  resource: string
  at: string
  /** ` ` when nothing is done. */
  mark: PlanLine['mark']
  /** What differs, for people. */
  lines: readonly PlanLine[]
  notes: readonly string[]
  unknown: string | null
  cannotUndo: string | null
  /** Of what was seen and of what will be. */
  digest: string
  /** Keys of its things that are certainly not as they should be. */
  differing: readonly string[]
}>

/** What is to be done on one host. Nothing is looked up any more: same input, same plan. */
export function planHost(input: PlanHostInput): HostPlan {
  const { host, lowered, seen } = input
  const keyed = keyedBy(input.digestOf)
  const fold = foldItems(gather(lowered, seen), seen, keyed)
  const things = lowered.flatMap((one) => one.things)
  const { debts, lost } = debtsOf(
    seen.owed,
    things.flatMap(({ owes }) => owes),
  )
  const drafts = settle(fold.drafts, {
    earlier: debts,
    heldBack: new Set(deferredThings(fold).flatMap(({ owes }) => owes.map(debtKey))),
    after: fold.state.seen,
    needsReload: things.some(
      (thing) => thing.type === 'unit' && seen.units.get(thing.unit)?.needsReload === true,
    ),
  })
  const ops = drafts.map((draft, index): Op => ({ number: (input.firstNumber ?? 1) + index, ...draft }))
  const standings = standingsOf({ things, seen, fold, keyed })
  const changes = changesOf({ lowered, fold, ops, lost, standings })
  return {
    host,
    ops,
    bytes: fold.bytes,
    passwords: passwordsOf(ops, things),
    changes,
    unknowns: changes.flatMap(({ resource, unknown }) =>
      unknown === null ? [] : [`${resource}: ${unknown}`],
    ),
    deferred: [...fold.deferred.values()].map(({ lowered: one }) => one),
    troubles: fold.troubles.map((trouble) => ({ ...trouble, host })),
    standings,
    managed: new Set(
      things.flatMap((thing) => (thing.type === 'path' ? [absolute(thing.path, seen) ?? thing.path] : [])),
    ),
    applied: Object.fromEntries(
      [...standings].map(([key, { want, left }]) => [key, `${want}.${left ?? '-'}`]),
    ),
  }
}

/** A keyed digest of a digest: what was seen of a file with secrets can be compared, and nobody can guess it. */
export function keyedBy(digestOf: PlanHostInput['digestOf']): (sha256: string) => string {
  return (sha256) => digestOf({ bytes: new TextEncoder().encode(sha256), secrets: ['a digest'] })
}

function deferredThings({ deferred }: Fold): readonly Thing[] {
  return [...deferred.values()].flatMap(({ lowered }) => lowered.things)
}

function passwordsOf(ops: readonly Op[], things: readonly Thing[]): ReadonlyMap<string, Uint8Array> {
  const set = new Set(
    ops.flatMap(({ act }) => (act.type === 'user' && act.after?.setsPassword ? [act.name] : [])),
  )
  const passwords = new Map<string, Uint8Array>()
  for (const thing of things) {
    if (thing.type !== 'user' || thing.want.type !== 'present' || thing.want.password === null) continue
    if (set.has(thing.name)) passwords.set(thing.name, thing.want.password.bytes)
  }
  return passwords
}
