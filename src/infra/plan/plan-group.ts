import type { GroupThing } from '../things/thing.ts'
import type { Act } from './op.ts'
import type { State } from './state.ts'
import { moved, right, type Turn } from './turn.ts'

/** What is to be done about one group. */
export function planGroup({ name, want }: GroupThing, state: State): Turn {
  const now = state.seen.groups.get(name) ?? null
  const isMade = state.made.has(`group ${name}`)
  if (want.type === 'absent') return now === null && !isMade ? right : removing(name, now, state)
  const { gid, system } = want
  if (isMade && gid !== null) {
    return {
      type: 'trouble',
      what: `it is made with the user ${name}, with a number that the host chooses`,
      now: `name the group ${name} before user('${name}')`,
    }
  }
  if (isMade || (now !== null && (gid === null || gid === now.gid))) return right
  const act: Act = { type: 'group', name, before: now?.gid ?? null, after: { gid, system } }
  if (now !== null) {
    const lines = [{ mark: '~', text: `number ${now.gid} -> ${gid ?? now.gid}` }] as const
    const notes = [`files keep the number ${now.gid} of their group`]
    return moved([{ act, mark: '~', lines, cannotUndo: null }], withGroup(state, name, gid), { notes })
  }
  const text = gid === null ? 'with a number that the host chooses' : `with the number ${gid}`
  return moved(
    [{ act, mark: '+', lines: [{ mark: '+', text }], cannotUndo: null }],
    withGroup(state, name, gid),
  )
}

function removing(name: string, now: Readonly<{ gid: number }> | null, state: State): Turn {
  const act: Act = { type: 'group', name, before: now?.gid ?? null, after: null }
  const groups = new Map(state.seen.groups).set(name, null)
  const made = new Set([...state.made].filter((key) => key !== `group ${name}`))
  const lines = [{ mark: '-', text: `the group with the number ${now?.gid ?? 'it has by then'}` }] as const
  return moved([{ act, mark: '-', lines, cannotUndo: null }], {
    ...state,
    made,
    seen: { ...state.seen, groups },
  })
}

/** The state once a group is there; without a number, the host chooses one. */
export function withGroup(state: State, name: string, gid: number | null): State {
  if (gid === null) return { ...state, made: new Set([...state.made, `group ${name}`]) }
  return { ...state, seen: { ...state.seen, groups: new Map(state.seen.groups).set(name, { gid }) } }
}
