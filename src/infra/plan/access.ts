import type { PlanLine } from '../../change/plan.ts'
import type { Access } from '../things/thing.ts'
import type { AccessSeen } from './seen.ts'
import { isThere, type State } from './state.ts'
import type { Turn } from './turn.ts'

export type AccessNow = Readonly<{ mode: number; owner: string; group: string }>

/** Mode, owner and group as they shall be: what nobody says stays, and is root's for something new. */
export function wantedAccess(
  want: Access,
  now: AccessSeen | null,
  newMode: number,
  state: State | null = null,
): AccessNow {
  const named = (type: 'users' | 'groups', wanted: string | null, seen: string): string =>
    wanted === null || numberOf(state, type, seen) === wanted ? seen : wanted
  return {
    mode: want.mode ?? now?.mode ?? newMode,
    owner: named('users', want.owner, now?.owner ?? 'root'),
    group: named('groups', want.group, now?.group ?? 'root'),
  }
}

/** The number of a user or group, as text: recipes may say `1000` where the host says `deploy`. */
function numberOf(state: State | null, type: 'users' | 'groups', name: string): string | null {
  if (name === 'root') return '0'
  const number = type === 'users' ? state?.seen.users.get(name)?.uid : state?.seen.groups.get(name)?.gid
  return number === undefined ? null : String(number)
}

export function accessLines(now: AccessNow | null, after: AccessNow): readonly PlanLine[] {
  if (now === null)
    return [{ mark: '+', text: `mode ${modeText(after.mode)}, ${after.owner}:${after.group}` }]
  const lines: PlanLine[] = []
  if (now.mode !== after.mode)
    lines.push({ mark: '~', text: `mode ${modeText(now.mode)} -> ${modeText(after.mode)}` })
  if (now.owner !== after.owner) lines.push({ mark: '~', text: `owner ${now.owner} -> ${after.owner}` })
  if (now.group !== after.group) lines.push({ mark: '~', text: `group ${now.group} -> ${after.group}` })
  return lines
}

export function modeText(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}

/** An owner who is not there and whom nothing brings. Numbers need nobody. */
export function accessTrouble(want: Access, state: State): Turn | null {
  for (const [type, name] of [['user', want.owner] as const, ['group', want.group] as const]) {
    if (name === null || /^[0-9]+$/.test(name) || isThere(state, type, name)) continue
    return {
      type: 'trouble',
      what: `the ${type} ${name}, who shall own it, is not there and no resource makes one`,
      now: `add ${type}('${name}') before it`,
    }
  }
  return null
}
