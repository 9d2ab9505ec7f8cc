import type { PlanLine } from '../../change/plan.ts'
import type { UnitThing } from '../things/thing.ts'
import type { Act } from './op.ts'
import type { UnitSeen } from './seen.ts'
import { at, bringerText, type State } from './state.ts'
import { moved, right, type Turn } from './turn.ts'

type Wish = Readonly<{ enabled: boolean | null; running: boolean | null; masked: boolean | null }>

/** What is to be done about one unit of systemd. */
export function planUnit(thing: UnitThing, state: State): Turn {
  const now = unitNow(thing.unit, state)
  if (now === null) return planUnknown(thing, state)
  const is = standingOf(now)
  const wish: Wish = {
    enabled: canBeEnabled(now) ? differs(thing.enabled, is.enabled) : null,
    running: differs(thing.running, is.running),
    masked: differs(thing.masked, is.masked),
  }
  if (is.masked && thing.masked !== false && (thing.running === true || thing.enabled === true)) {
    return {
      type: 'trouble',
      what: 'it is masked, so nothing can start it',
      now: 'say `masked: false` as well, or leave it alone',
    }
  }
  const notes =
    thing.enabled === true && !canBeEnabled(now)
      ? [`it is ${now.file}: other units start it, and none can enable it`]
      : []
  if (wish.enabled === null && wish.running === null && wish.masked === null) return { ...right, notes }
  const { unit } = thing
  const act: Act = { type: 'unit', unit, ...wish, before: is }
  return moved([{ act, mark: '~', lines: wishLines(wish), cannotUndo: null }], withUnit(state, unit, wish), {
    notes,
  })
}

/** Standing as systemctl would tell it; null when nobody can know yet. A unit file that the plan writes is known. */
function unitNow(unit: string, state: State): UnitSeen | null {
  const seen = state.seen.units.get(unit) ?? null
  if (seen !== null && seen.load !== 'not-found' && seen.load !== 'unknown') return seen
  const written = [`/etc/systemd/system/${unit}`, `/etc/systemd/system/${templateOf(unit)}`]
  const isThere = (path: string): boolean => {
    const what = at(state, path)
    return what.type === 'file' || (what.type === 'link' && what.to !== '/dev/null')
  }
  if (!written.some(isThere)) return null
  return { load: 'loaded', active: 'inactive', file: 'disabled', needsReload: false }
}

/** `getty@.service` of `getty@tty1.service`. */
const templateOf = (unit: string): string => unit.replace(/@[^.]*\./, '@.')

/** A unit as an operation compares it. */
export function standingOf(
  seen: UnitSeen,
): Readonly<{ enabled: boolean; running: boolean; masked: boolean }> {
  return {
    enabled: seen.file === 'enabled',
    running: ['active', 'activating', 'reloading', 'refreshing'].includes(seen.active),
    masked: seen.load === 'masked' || seen.file === 'masked',
  }
}

function canBeEnabled({ file }: UnitSeen): boolean {
  return !['static', 'generated', 'transient', 'indirect', 'alias'].includes(file)
}

function differs(wanted: boolean | null, now: boolean): boolean | null {
  return wanted === now ? null : wanted
}

function planUnknown(thing: UnitThing, state: State): Turn {
  const { unit, enabled, running, masked } = thing
  if (enabled === null && running === null && masked === null) return right
  const bringer = state.bringers.at(-1)
  if (bringer === undefined) {
    if (masked === true) return maskMissing(thing, state)
    if (enabled !== true && running !== true) return right
    return {
      type: 'trouble',
      what: `the host has no unit ${unit}, and nothing in the recipe brings it`,
      now: 'add the package or the unit it comes from before it',
    }
  }
  const wish: Wish = { enabled, running, masked }
  const act: Act = { type: 'unit', unit, ...wish, before: null }
  const unknown = `how it is before: ${bringerText(bringer)} may bring it`
  return moved([{ act, mark: '~', lines: wishLines(wish), cannotUndo: null }], withUnit(state, unit, wish), {
    unknown,
  })
}

function maskMissing({ unit }: UnitThing, state: State): Turn {
  const wish: Wish = { enabled: null, running: null, masked: true }
  const before = { enabled: false, running: false, masked: false }
  const act: Act = { type: 'unit', unit, ...wish, before }
  return moved([{ act, mark: '~', lines: wishLines(wish), cannotUndo: null }], withUnit(state, unit, wish))
}

function wishLines({ enabled, running, masked }: Wish): readonly PlanLine[] {
  const says = [
    masked === null ? null : masked ? 'masked' : 'no longer masked',
    enabled === null ? null : enabled ? 'enabled: starts at boot' : 'disabled: does not start at boot',
    running === null ? null : running ? 'started' : 'stopped',
  ]
  return says.flatMap((text): PlanLine[] => (text === null ? [] : [{ mark: '~', text }]))
}

function withUnit(state: State, unit: string, wish: Wish): State {
  const now = state.seen.units.get(unit)
  const isMasked = wish.masked ?? now?.load === 'masked'
  const isEnabled = wish.enabled ?? now?.file === 'enabled'
  const seen: UnitSeen = {
    // What a package brings may be running or not.
    load: isMasked ? 'masked' : now?.load === 'loaded' || wish.running !== null ? 'loaded' : 'unknown',
    active: wish.running === null ? (now?.active ?? 'inactive') : wish.running ? 'active' : 'inactive',
    file: isMasked
      ? 'masked'
      : wish.enabled === null
        ? (now?.file ?? 'disabled')
        : isEnabled
          ? 'enabled'
          : 'disabled',
    needsReload: false,
  }
  return { ...state, seen: { ...state.seen, units: new Map(state.seen.units).set(unit, seen) } }
}
