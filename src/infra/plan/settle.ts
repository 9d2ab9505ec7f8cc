import type { Debt, Lockout } from '../things/thing.ts'
import { type Act, debtKey, type Op } from './op.ts'
import { standingOf } from './plan-unit.ts'
import type { Seen } from './seen.ts'

/** An operation that has no number yet. */
export type Draft = Omit<Op, 'number'>

export type Settling = Readonly<{
  /** What an earlier change has left owed. */
  earlier: readonly Debt[]
  /** Keys of debts that later operations of the same change will owe again: they are paid then. */
  heldBack: ReadonlySet<string>
  /** What the host is like when all is done. */
  after: Pick<Seen, 'units'>
  /** A unit on the disk is another than the one that systemd has read. */
  needsReload: boolean
}>

/**
 * The operations with the payments of what they owe: package lists before the next packages, daemon-reload before the
 * next unit, all else once at the end, in the order in which it was owed. A restart is a reload as well, and what the
 * plan starts itself afterwards has read its files anyway: nothing is owed to those.
 */
export function settle(drafts: readonly Draft[], settling: Settling): readonly Draft[] {
  const owing = withoutVain(drafts, settling)
  const book = new Map<string, Entry>()
  for (const debt of settling.earlier) enter(book, debt, null)
  const isReloadDue =
    settling.needsReload && owing.some(({ act, owes }) => act.type === 'unit' || owes.some(isForUnit))
  if (isReloadDue && !book.has('units')) enter(book, { type: 'units' }, null)
  const paid: Draft[] = []
  for (const draft of owing) {
    paid.push(...payBefore(book, draft.act), draft)
    for (const debt of draft.owes) enter(book, debt, draft)
  }
  const soon = [...take(book, 'units'), ...take(book, 'lists')]
  const rest = [...book].flatMap(([key, entry]) => (settling.heldBack.has(key) ? [] : [payment(entry)]))
  return [...paid, ...soon, ...rest]
}

type Entry = Readonly<{ debt: Debt; by: readonly Draft[] }>

function enter(book: Map<string, Entry>, debt: Debt, by: Draft | null): void {
  const key = debtKey(debt)
  const entry = book.get(key) ?? { debt, by: [] }
  book.set(key, { debt, by: by === null ? entry.by : [...entry.by, by] })
}

function payBefore(book: Map<string, Entry>, act: Act): readonly Draft[] {
  if (act.type === 'packages') return take(book, 'lists')
  return act.type === 'unit' ? take(book, 'units') : []
}

function take(book: Map<string, Entry>, key: string): readonly Draft[] {
  const entry = book.get(key)
  book.delete(key)
  return entry === undefined ? [] : [payment(entry)]
}

/** A payment may lock us out like what it is for: sshd reads its file only then. */
function payment({ debt, by }: Entry): Draft {
  const locking = by.flatMap(({ lockout }): Lockout[] => (lockout === null ? [] : [lockout]))
  return {
    resource: debtKey(debt),
    at: by[0]?.at ?? earlierChange,
    key: `debt ${debtKey(debt)}`,
    act: { type: 'pay', debt },
    owes: [],
    lockout: locking[0] ?? null,
    cannotUndo: null,
  }
}

/** Where a debt comes from that nothing in this plan owes. */
export const earlierChange = 'an earlier change'

function isForUnit({ type }: Debt): boolean {
  return type === 'restart' || type === 'reload'
}

function withoutVain(drafts: readonly Draft[], { after }: Settling): readonly Draft[] {
  const restarted = new Set(
    drafts.flatMap(({ owes }) => owes.flatMap((debt) => (debt.type === 'restart' ? [debt.unit] : []))),
  )
  return drafts.map((draft, index) => ({
    ...draft,
    owes: draft.owes.filter((debt) => {
      if (debt.type !== 'restart' && debt.type !== 'reload') return true
      if (debt.type === 'reload' && restarted.has(debt.unit)) return false
      if (isStarted(drafts.slice(index + 1), debt.unit)) return false
      return !isAtRest(after, debt.unit) || drafts.slice(0, index).some(installs)
    }),
  }))
}

function isAtRest({ units }: Pick<Seen, 'units'>, unit: string): boolean {
  const seen = units.get(unit)
  return seen !== undefined && ['loaded', 'masked'].includes(seen.load) && !standingOf(seen).running
}

/** What a package brings it starts: a unit that was seen at rest may run by the time its file is written. */
function installs({ act }: Draft): boolean {
  return act.type === 'packages' && act.install.length > 0
}

function isStarted(later: readonly Draft[], unit: string): boolean {
  return later.some(
    ({ act }) =>
      act.type === 'unit' && act.unit === unit && act.running === true && act.before?.running === false,
  )
}

/** Debts by their keys, as the host tells them. A command that no resource names any more cannot be paid. */
export function debtsOf(
  keys: ReadonlySet<string>,
  known: readonly Debt[],
): Readonly<{ debts: readonly Debt[]; lost: readonly string[] }> {
  const found = [...keys].map((key) => ({
    key,
    debt: known.find((debt) => debtKey(debt) === key) ?? readDebt(key),
  }))
  return {
    debts: found.flatMap(({ debt }) => (debt === null ? [] : [debt])),
    lost: found.flatMap(({ key, debt }) => (debt === null ? [key] : [])),
  }
}

function readDebt(key: string): Debt | null {
  const [type = '', unit = ''] = key.split(' ')
  if (key === 'units' || key === 'lists') return { type: key }
  return (type === 'restart' || type === 'reload') && unit !== '' ? { type, unit } : null
}
