import type { Frame } from '../../remote/remote.ts'
import { shAssign, shLine } from '../../remote/quote.ts'
import { type Act, debtKey, type Op } from '../plan/op.ts'
import type { Debt } from '../things/thing.ts'
import { debtWords } from './debt-hash.ts'
import { headOf, keptText, payWords } from './op-call.ts'
import { allDebts, partsFor } from './program-parts.ts'
import { type Reveal, scriptFunction, secretsIn } from './script-call.ts'
import type { HostScriptName, HostScripts } from './scripts.ts'

export type UndoParts = Readonly<{
  scripts: HostScripts
  mark: string
  change: string
  /** For commands that are done again, or undone; left out: what they name by marks stays a mark. */
  reveal?: Reveal
}>

export type HostProgram = Readonly<{ script: string; frames: readonly Frame[]; secrets: readonly string[] }>

/**
 * Takes back what the operations of a change have begun on its host, newest first. It asks the host for what was begun,
 * so it works for what was done, half done, not begun, and twice; what was found there since does not stop it.
 */
export function undoProgramOf(ops: readonly Op[], parts: UndoParts): HostProgram {
  const { scripts, mark, change } = parts
  const { names, calls, secrets } = undoOf(ops, parts.reveal ?? asItIs)
  const script = [
    shAssign({ MARK: mark, CHANGE: change }),
    ...['runtime.sh' as const, 'disarm.sh' as const, ...names].map((name) => scripts[name]),
    'disarm\n',
    calls,
    'undone\n',
  ].join('')
  return { script, frames: [], secrets }
}

/** The program that a host keeps beside it while changes that may lock us out wait to be confirmed. */
export function takeBackOf(ops: readonly Op[], parts: UndoParts): HostProgram {
  const { scripts, mark, change } = parts
  const dangerous = ops.filter(({ lockout }) => lockout !== null)
  const { names, calls, secrets } = undoOf(dangerous, parts.reveal ?? asItIs)
  const script = [
    scripts['watch.sh'],
    shAssign({ MARK: mark, CHANGE: change }),
    ...['runtime.sh' as const, ...names].map((name) => scripts[name]),
    'watch\n',
    calls,
    'taken_back\n',
  ].join('')
  return { script, frames: [], secrets }
}

type Undo = Readonly<{ names: readonly HostScriptName[]; calls: string; secrets: readonly string[] }>

const asItIs: Reveal = (text) => text

function undoOf(ops: readonly Op[], reveal: Reveal): Undo {
  const parts = partsFor(ops)
  const names: readonly HostScriptName[] = [
    'undo.sh',
    ...parts,
    ...(parts.includes('paths.sh') ? (['undo-paths.sh'] as const) : []),
  ]
  const debts = distinct(ops.flatMap(({ owes }) => owes))
  const undos = ops.toReversed().map((op) => undoCall(op, reveal))
  const pays = debts.map((debt, nth) => payCall(debt, `again_${nth}`, reveal))
  const scripts = [
    ...allDebts(ops).flatMap((debt) => (debt.type === 'command' ? [debt.script] : [])),
    ...ops.flatMap(({ act }) => (act.type === 'command' && act.undo !== null ? [act.undo] : [])),
  ]
  return { names, calls: [...undos, ...pays].join(''), secrets: secretsIn(scripts, reveal) }
}

/** Each once: systemd learns of its units before it starts them, and lists are left to the next apply that needs them. */
function distinct(debts: readonly Debt[]): readonly Debt[] {
  const byKey = new Map(debts.map((debt) => [debtKey(debt), debt]))
  const rank = ({ type }: Debt): number => (type === 'units' ? 0 : 1)
  return [...byKey.values()]
    .filter(({ type }) => type !== 'lists')
    .toSorted((one, two) => rank(one) - rank(two))
}

function payCall(debt: Debt, run: string, reveal: Reveal): string {
  const made = debt.type === 'command' ? scriptFunction(run, debt.script, reveal) : ''
  return `${made}${shLine(['again', debtKey(debt), ...payWords(debt, run)])}\n`
}

function undoCall(op: Op, reveal: Reveal): string {
  const { number, at, resource, owes, act } = op
  const call = undoWords(op)
  if (call === null) return ''
  const made =
    act.type === 'command' && act.undo !== null ? scriptFunction(`undo_${number}`, act.undo, reveal) : ''
  const begun = shLine(['begun', String(number), at, resource, ...debtWords(owes)])
  return `${headOf(op)}${made}${begun} && ${shLine(['try', ...call])}\n`
}

/** Null: there is nothing to take back. */
function undoWords({ number, act }: Op): readonly string[] | null {
  switch (act.type) {
    case 'write':
    case 'mkdir':
    case 'access':
    case 'link':
    case 'remove':
    case 'restore':
      return ['undo_path', act.path, act.type]
    case 'packages':
      return ['undo_packages']
    case 'user':
      return ['undo_user', act.name]
    case 'group':
      return ['undo_group', act.name]
    case 'unit':
      return ['undo_unit', act.unit]
    case 'command':
      return commandUndo(number, act)
    case 'pay':
      return null
  }
}

const commandUndo = (number: number, act: Extract<Act, { type: 'command' }>): readonly string[] =>
  act.undo === null ? ['true'] : ['undo_command', keptText(act), `undo_${number}`]
