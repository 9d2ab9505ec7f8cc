import { shAssign } from '../../remote/quote.ts'
import { slotPorts } from '../deployment.ts'
import { digest, frontHashOf, frontKind, frontTexts } from './host-front.ts'
import { type HostParts, isLocal, placeIn, rootOf, type ScriptName } from './host-parts.ts'
import { mainOf, servicesOf, timersOf, unitFiles } from './units.ts'

/** Perl programs travel as variables of the shell: `perl -e "$READY_PL"`. They hold no secret. */
const perls = {
  FRONT_PL: 'front.pl',
  READY_PL: 'ready.pl',
  HOLD_PL: 'hold.pl',
  TREE_PL: 'tree.pl',
} as const

export type Wanted = Readonly<{
  /** The parts of the program, in order, after the words that all share. */
  parts: readonly ScriptName[]
  perl: readonly (keyof typeof perls)[]
  /** Whether the program may have to write the front's settings or the units. */
  setsUp: boolean
  more: Readonly<Record<string, string>>
}>

/** A whole program: variables, shared words, then what it does. */
export function scriptOf(parts: HostParts, { parts: names, perl, setsUp, more }: Wanted): string {
  const tools = Object.fromEntries(
    perl.map((name) => [name, parts.scripts['words.pl'] + parts.scripts[perls[name]]]),
  )
  const texts = setsUp ? { ...frontTexts(parts.host, parts.deployment), ...unitTexts(parts) } : {}
  const assigned = shAssign({ ...variables(parts), ...texts, ...tools, ...more })
  return [assigned, sharedWords(parts), ...names.map((name) => parts.scripts[name])].join('\n')
}

/** What all programs can say, and how this host starts and stops processes. */
export const sharedWords = ({ scripts, host }: HostParts): string =>
  `${scripts['lib.sh']}\n${scripts[isLocal(host) ? 'supervised.sh' : 'systemd.sh']}`

/** The names in capitals that every program begins with. */
export function variables(parts: HostParts): Readonly<Record<string, string>> {
  const { deployment, host, wish } = parts
  const { spec } = deployment
  const front = frontKind(host, deployment)
  const ports = spec.port === null ? null : slotPorts(spec.port)
  const values = {
    NAME: placeIn(deployment),
    MARK: parts.mark,
    CHANGE: parts.change,
    TOKEN: parts.token,
    RELEASE: deployment.release,
    SPEC: deployment.specHash,
    SLOT: wish.slot,
    OLD_SLOT: wish.oldSlot,
    BASE: wish.base,
    MAIN: mainOf(spec),
    SERVICES: servicesOf(spec).join(' '),
    TIMERS: isLocal(host) ? null : timersOf(spec).join(' '),
    APP_USER: isLocal(host) ? null : spec.user,
    FRONT: front.kind,
    FRONT_SOCKET: front.socket,
    FRONT_HASH: frontHashOf(host, deployment),
    UNITS_HASH: digest(JSON.stringify([...unitsOf(parts)])),
    PORT: spec.port,
    PORT_a: ports?.a ?? null,
    PORT_b: ports?.b ?? null,
    HEALTH_PATH: spec.health?.path ?? null,
    HEALTH_STATUS: spec.health?.status ?? 0,
    HEALTH_WITHIN_MS: spec.health?.withinMs ?? 30_000,
    KEEP: spec.keep,
    DRAIN_S: Math.ceil(spec.drainMs / 1000),
    WARM_S: Math.ceil(spec.warmMs / 1000),
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value ?? '')]))
}

const unitsOf = ({ host, deployment }: HostParts): ReadonlyMap<string, string> =>
  isLocal(host) ? new Map() : unitFiles(placeIn(deployment), rootOf(host), deployment.spec)

function unitTexts(parts: HostParts): Readonly<Record<string, string>> {
  const units = [...unitsOf(parts)]
  const texts = units.map(([, text], nth) => [`UNIT_${nth}`, text] as const)
  return { UNITS: units.map(([name], nth) => `${nth} ${name}\n`).join(''), ...Object.fromEntries(texts) }
}
