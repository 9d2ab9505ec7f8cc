import { readFile } from 'node:fs/promises'
import type { Frame, HostAddress } from '../remote/remote.ts'
import { sh } from '../remote/quote.ts'
import { isOneProgram } from './command.ts'
import { type Deployment, placeOf, slotPorts } from './deployment.ts'
import { frontBoot, frontGlobal, frontOf, frontSocket, frontUnit } from './haproxy.ts'
import { commandOf, mainOf, servicesOf, timersOf, unitFiles } from './units.ts'
import { createHash } from 'node:crypto'

export type Slot = 'a' | 'b'

/** What one host is to do, fixed when the change is planned. */
export type HostWish = Readonly<{ slot: Slot; oldSlot: Slot | null; base: string | null; isWarm: boolean }>

/** The texts of the programs, read once. */
export type Scripts = Readonly<Record<ScriptName, string>>
const scriptNames = [
  'lib.sh',
  'systemd.sh',
  'supervised.sh',
  'supervise.sh',
  'retire.sh',
  'facts.sh',
  'front.sh',
  'start.sh',
  'prepare.sh',
  'switch.sh',
  'unprepare.sh',
  'once.sh',
  'front.pl',
  'ready.pl',
  'hold.pl',
] as const
type ScriptName = (typeof scriptNames)[number]

export async function readScripts(): Promise<Scripts> {
  const texts = scriptNames.map(async (name) => {
    const text = await readFile(new URL(`./host/${name}`, import.meta.url), 'utf8')
    return [name, text] as const
  })
  return Object.fromEntries(await Promise.all(texts)) as Scripts
}

/** Everything that the programs of one host share. */
export type HostParts = Readonly<{
  scripts: Scripts
  host: HostAddress
  deployment: Deployment
  wish: HostWish
  mark: string
  change: string
  token: number
}>

const rootOf = (host: HostAddress): string => (host.via.kind === 'local' ? host.via.root : '/var/lib/tandem')

/** Where the front of an app listens for orders, and which front it is. */
export function frontKind(
  host: HostAddress,
  deployment: Deployment,
): Readonly<{ kind: 'haproxy' | 'local' | 'none'; socket: string }> {
  if (deployment.spec.front === 'none' || deployment.spec.port === null) return { kind: 'none', socket: '' }
  if (host.via.kind === 'ssh') return { kind: 'haproxy', socket: frontSocket }
  return {
    kind: 'local',
    socket: `${host.via.root}/front/${placeOf(deployment.app, deployment.environment)}.sock`,
  }
}

/** Names the front's settings of an app on a host, so that a program sees whether they must be written again. */
export function frontHashOf(host: HostAddress, deployment: Deployment): string {
  const place = placeOf(deployment.app, deployment.environment)
  const { kind } = frontKind(host, deployment)
  if (kind === 'none') return '-'
  const text =
    kind === 'haproxy'
      ? frontGlobal + frontUnit(rootOf(host)) + frontBoot(rootOf(host))
      : localFrontScript(host, deployment)
  return digest(text + frontOf(place, deployment.spec.port ?? 0))
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** The shell variables that every program begins with. */
export function variables(parts: HostParts, more: Readonly<Record<string, string | number>> = {}): string {
  const { deployment, host, wish } = parts
  const { spec } = deployment
  const isLocal = host.via.kind === 'local'
  const front = frontKind(host, deployment)
  const ports = spec.port === null ? null : slotPorts(spec.port)
  const values: Record<string, string | number> = {
    NAME: placeOf(deployment.app, deployment.environment),
    MARK: parts.mark,
    CHANGE: parts.change,
    TOKEN: parts.token,
    RELEASE: deployment.release,
    SPEC: deployment.specHash,
    SLOT: wish.slot,
    OLD_SLOT: wish.oldSlot ?? '',
    BASE: wish.base ?? '',
    MAIN: mainOf(spec),
    SERVICES: servicesOf(spec).join(' '),
    TIMERS: isLocal ? '' : timersOf(spec).join(' '),
    APP_USER: isLocal ? '' : spec.user,
    FRONT: front.kind,
    FRONT_SOCKET: front.socket,
    FRONT_HASH: frontHashOf(host, deployment),
    UNITS_HASH: isLocal
      ? '-'
      : digest(
          [...unitFiles(placeOf(deployment.app, deployment.environment), rootOf(host), spec)].join('\n'),
        ),
    PORT: spec.port ?? '',
    PORT_a: ports?.a ?? '',
    PORT_b: ports?.b ?? '',
    HEALTH_PATH: spec.health?.path ?? '',
    HEALTH_STATUS: spec.health?.status ?? 0,
    HEALTH_WITHIN_MS: spec.health?.withinMs ?? 30_000,
    KEEP: spec.keep,
    DRAIN_S: Math.ceil(spec.drainMs / 1000),
    WARM_S: Math.ceil(spec.warmMs / 1000),
    ...more,
  }
  return Object.entries(values)
    .map(([name, value]) => `${name}=${sh(String(value))}\n`)
    .join('')
}

const control = (parts: HostParts): string =>
  parts.scripts[parts.host.via.kind === 'local' ? 'supervised.sh' : 'systemd.sh']

/** A whole program: variables, shared words, then what it does. */
export function scriptOf(
  parts: HostParts,
  names: readonly ScriptName[],
  more: Readonly<Record<string, string | number>> = {},
): string {
  const texts = names.map((name) => parts.scripts[name])
  return [variables(parts, more), parts.scripts['lib.sh'], control(parts), ...texts].join('\n')
}

const text = (name: string, content: string): Frame => ({ name, bytes: Buffer.from(content) })

/** What the front, the readiness probe and the watch need beside a program. */
export const toolFrames = (parts: HostParts): readonly Frame[] =>
  (['front.pl', 'ready.pl', 'hold.pl', 'supervise.sh'] as const).map((name) =>
    text(name, parts.scripts[name]),
  )

export function frontFrames(parts: HostParts): readonly Frame[] {
  const { host, deployment } = parts
  const { kind } = frontKind(host, deployment)
  const place = placeOf(deployment.app, deployment.environment)
  const root = rootOf(host)
  if (kind === 'none') return []
  if (kind === 'local') return [text('front.sh.run', localFrontScript(host, deployment))]
  return [
    text('front.global', frontGlobal),
    text('front.unit', frontUnit(root)),
    text('front.boot', frontBoot(root)),
    text('front.cfg', frontOf(place, deployment.spec.port ?? 0)),
  ]
}

function localFrontScript(host: HostAddress, deployment: Deployment): string {
  const place = placeOf(deployment.app, deployment.environment)
  const port = deployment.spec.port ?? 0
  const ports = slotPorts(port)
  const program = new URL('./front/local-front.ts', import.meta.url).pathname
  const words = [process.execPath, program, '--name', place, '--port', port, '--a', ports.a, '--b', ports.b]
  const places = [
    '--socket',
    frontKind(host, deployment).socket,
    '--state',
    `${rootOf(host)}/front/${place}.state`,
  ]
  return `exec ${[...words, ...places].map((word) => sh(String(word))).join(' ')}\n`
}

/** What prepare lays into the slot: run scripts, variables, units. Secrets are among the variables and only here. */
export function slotFrames(parts: HostParts, secrets: ReadonlyMap<string, string>): readonly Frame[] {
  const { deployment, host, scripts } = parts
  const { spec } = deployment
  const place = placeOf(deployment.app, deployment.environment)
  const slotDir = `${rootOf(host)}/apps/${place}/slots/${parts.wish.slot}`
  const names = [...servicesOf(spec), ...timersOf(spec)]
  const units = host.via.kind === 'local' ? [] : [...unitFiles(place, rootOf(host), spec)]
  return [
    text('env', environmentText(parts, secrets)),
    ...names.map((name) => text(`run.${name}`, runScript(slotDir, commandOf(spec, name)))),
    ...units.map(([, content], nth) => text(`unit.${nth}`, content)),
    text('units', units.map(([name], nth) => `${nth} ${name}\n`).join('')),
    text('retire.run', scripts['retire.sh']),
    text(
      'retire.services',
      `${variables(parts)}ROOT=${sh(rootOf(host))}\nRUN=/tmp\nfree() { "$@"; }\n${scripts['lib.sh']}\n${control(parts)}`,
    ),
    text(
      'retire.vars',
      `LOCK=${sh(`${rootOf(host)}/lease/${deployment.app}@${deployment.environment}/held`)}\n`,
    ),
    text('shared', lines(spec.shared)),
    text('links', lines(spec.links)),
  ]
}

const lines = (items: readonly string[]): string => items.map((item) => `${item}\n`).join('')

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** One shell file that sets what the app finds in its environment. Nothing of ours can be overwritten by it. */
function environmentText(
  { deployment, wish, host }: HostParts,
  secrets: ReadonlyMap<string, string>,
): string {
  const { spec, release, commit, app, environment } = deployment
  const ports = spec.port === null ? null : slotPorts(spec.port)
  const port = ports === null ? null : spec.front === 'none' ? spec.port : ports[wish.slot]
  const own = {
    TANDEM_APP: app,
    TANDEM_ENVIRONMENT: environment,
    TANDEM_RELEASE: release,
    TANDEM_COMMIT: commit,
    ...(port === null ? {} : { PORT: String(port) }),
  }
  const values = {
    PATH: (host.via.kind === 'local' ? process.env['PATH'] : null) ?? systemPath,
    LC_ALL: 'C.UTF-8',
    ...spec.env,
    ...Object.fromEntries(secrets),
    ...own,
  }
  return Object.entries(values)
    .map(([name, value]) => `export ${name}=${sh(value)}\n`)
    .join('')
}

/** A line of shell that is more than one program is given to a shell of its own. */
function runScript(slotDir: string, command: string): string {
  const start = isOneProgram(command) ? command.trim() : `/bin/sh -c ${sh(command)}`
  return `. ${sh(`${slotDir}/env`)}\ncd ${sh(`${slotDir}/release`)} || exit 1\nexec ${start}\n`
}

export const onceFrame = (parts: HostParts, command: string): Frame => {
  const place = placeOf(parts.deployment.app, parts.deployment.environment)
  return text('once.run', runScript(`${rootOf(parts.host)}/apps/${place}/slots/${parts.wish.slot}`, command))
}
