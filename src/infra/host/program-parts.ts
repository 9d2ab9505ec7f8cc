import type { Op } from '../plan/op.ts'
import type { Debt } from '../things/thing.ts'
import type { HostScriptName } from './scripts.ts'

/** The parts of the runtime that these operations use. */
export function partsFor(ops: readonly Op[]): readonly HostScriptName[] {
  const acts = new Set(ops.map(({ act }) => act.type))
  const owed = new Set(allDebts(ops).map(({ type }) => type))
  const has = (...types: readonly Op['act']['type'][]): boolean => types.some((type) => acts.has(type))
  const paths = has('write', 'mkdir', 'access', 'link', 'remove', 'restore', 'user')
  const scripts = has('command') || owed.has('command')
  return [
    ...when(paths, 'paths.sh'),
    ...when(has('packages') || owed.has('lists'), 'packages.sh'),
    ...when(has('user', 'group'), 'accounts.sh'),
    ...when(has('unit') || owed.size > 0, 'units.sh'),
    ...when(owed.size > 0, 'debts.sh'),
    ...when(scripts, 'as.sh'),
    ...when(scripts, 'commands.sh'),
  ]
}

const when = (is: boolean, part: HostScriptName): readonly HostScriptName[] => (is ? [part] : [])

/** What these operations owe or pay. */
export function allDebts(ops: readonly Op[]): readonly Debt[] {
  return ops.flatMap(({ owes, act }) => [...owes, ...(act.type === 'pay' ? [act.debt] : [])])
}
