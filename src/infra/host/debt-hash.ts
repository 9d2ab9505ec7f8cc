import { createHash } from 'node:crypto'
import { debtKey } from '../plan/op.ts'
import type { Debt } from '../things/thing.ts'

/** The name of the file of a debt on a host: its key may be any text. */
export const debtHash = (debt: Debt): string =>
  createHash('sha256').update(debtKey(debt)).digest('hex').slice(0, 16)

/** Debts as `begin` takes them: the file and the key of each. */
export const debtWords = (debts: readonly Debt[]): readonly string[] =>
  debts.flatMap((debt) => [debtHash(debt), debtKey(debt)])
