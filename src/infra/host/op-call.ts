import { shLine } from '../../remote/quote.ts'
import type { Act, BytesFrom, Op, PathState } from '../plan/op.ts'
import { accountCall } from './account-call.ts'
import { debtHash, debtWords } from './debt-hash.ts'
import { type Reveal, scriptFunction } from './script-call.ts'

export type CallWorld = Readonly<{
  /** The bare digest behind one that was keyed because it is of a secret. */
  bare: (sha256: string) => string
  reveal: Reveal
}>

/** The lines of a program that carry out one operation: a comment that names its place, `begin`, and one call. */
export function opCall(op: Op, world: CallWorld): string {
  const { number, at, resource, owes, act, takesBack } = op
  const begin = shLine(['begin', String(number), at, resource, ...debtWords(owes)])
  const first = takesBack === undefined ? '' : `${shLine(['did', placeOf(takesBack)])} && `
  return `${headOf(op)}${functionsOf(number, act, world)}${begin}\n${first}${shLine(callOf(op, world))}\n`
}

/** Where a host keeps what an operation has found. */
const placeOf = ({ change, number }: Readonly<{ change: string; number: number }>): string =>
  `${change}/${number}`

/** Comments hold no line breaks, whatever the resource is called. */
export const headOf = ({ at, resource }: Op): string =>
  `# ${at} ${resource}`.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ') + '\n'

function functionsOf(number: number, act: Act, { reveal }: CallWorld): string {
  if (act.type === 'pay') {
    return act.debt.type === 'command' ? scriptFunction(`run_${number}`, act.debt.script, reveal) : ''
  }
  if (act.type !== 'command') return ''
  const check = act.check === null ? '' : scriptFunction(`check_${number}`, act.check, reveal)
  return `${check}${scriptFunction(`run_${number}`, act.run, reveal)}`
}

function callOf({ number, act }: Op, { bare }: CallWorld): readonly string[] {
  const state = (of: PathState): string => stateText(of, bare)
  switch (act.type) {
    case 'write':
      return [
        'write',
        act.path,
        state(act.before),
        state(act.after),
        fromText(act.from, bare),
        ...(act.check ?? []),
      ]
    case 'mkdir':
      return ['mkdir_at', act.path, state(act.before), state(act.after)]
    case 'access':
      return ['access', act.path, state(act.before), state(act.after)]
    case 'link':
      return ['link_at', act.path, state(act.before), state(act.after)]
    case 'remove':
      return ['remove', act.path, state(act.before), act.all ? 'all' : act.spare === true ? 'spare' : 'one']
    case 'restore':
      return ['restore', act.path, state(act.before), fromText(act.from, bare)]
    case 'packages':
      return ['packages', packageLines(act), act.hold.join(' '), act.unhold.join(' '), cameText(act)]
    case 'user':
    case 'group':
      return accountCall(act, bare)
    case 'unit':
      return ['unit', act.unit, wish(act.enabled), wish(act.running), wish(act.masked), standing(act.before)]
    case 'command':
      return ['command_of', keptText(act), act.check === null ? ':' : `check_${number}`, `run_${number}`]
    case 'pay':
      return ['pay', ...payWords(act.debt, `run_${number}`)]
  }
}

/** Whose place to keep things in a command finds; `-`: its own. */
export function keptText({ kept }: Extract<Act, { type: 'command' }>): string {
  return kept === undefined ? '-' : placeOf(kept)
}

/** What `pay` is told of a debt; a command is a function of the program. */
export function payWords(debt: Extract<Act, { type: 'pay' }>['debt'], run: string): readonly string[] {
  const hash = debtHash(debt)
  switch (debt.type) {
    case 'restart':
    case 'reload':
      return [hash, debt.type, debt.unit]
    case 'units':
    case 'lists':
      return [hash, debt.type]
    case 'command':
      return [hash, 'command', run]
  }
}

function stateText(state: PathState, bare: (sha256: string) => string): string {
  switch (state.type) {
    case 'missing':
    case 'any':
      return state.type
    case 'file':
      return `file ${bare(state.sha256)} ${state.mode.toString(8)} ${state.owner} ${state.group}`
    case 'directory':
      return `directory ${state.mode.toString(8)} ${state.owner} ${state.group}`
    case 'link':
      return `link ${state.to}`
  }
}

function fromText(from: BytesFrom, bare: (sha256: string) => string): string {
  return from.type === 'sent' ? `sent:${bare(from.sha256)}` : `kept:${placeOf(from)}`
}

function packageLines({ install, remove, purge, before }: Extract<Act, { type: 'packages' }>): string {
  const was = (name: string): string => before[name]?.version ?? '-'
  return [
    ...install.map(({ name, version }) => `install ${name} ${version ?? '-'} ${was(name)}`),
    ...remove.map((name) => `remove ${name} - ${was(name)}`),
    ...purge.map((name) => `purge ${name} - ${was(name)}`),
  ].join('\n')
}

const cameText = ({ cameWith }: Extract<Act, { type: 'packages' }>): string =>
  cameWith === undefined ? '-' : placeOf(cameWith)

const yes = (is: boolean): string => (is ? 'yes' : 'no')
const wish = (is: boolean | null): string => (is === null ? '-' : yes(is))

function standing(before: Extract<Act, { type: 'unit' }>['before']): string {
  return before === null ? 'any' : [before.enabled, before.running, before.masked].map(yes).join(' ')
}
