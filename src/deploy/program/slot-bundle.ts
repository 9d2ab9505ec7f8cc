import { buffer } from 'node:stream/consumers'
import type { SignedText } from '../../ci/provenance/envelope.ts'
import { sh, shAssign } from '../../remote/quote.ts'
import { isOneProgram } from '../build/command.ts'
import { slotPorts } from '../deployment.ts'
import { appDirOf, type HostParts, isLocal, rootOf } from './host-parts.ts'
import { sharedWords, variables } from './host-script.ts'
import { commandOf, servicesOf, timersOf } from './units.ts'

/** What a host needs to make a release and to know that it is the right one. */
export type Brought = Readonly<{
  /** docs/formats/provenance.md */
  list: string
  /** Paths that go before, each with a NUL behind it. */
  gone: string
  statement: SignedText
  /** The key of this hub: its fingerprint, and its public half as a line of OpenSSH. */
  hub: Readonly<{ id: string; line: string }>
}>

/**
 * What prepare lays on a host beside the release, as one tar: `slot/` becomes the slot, `app/` goes beside it, the
 * rest is read by the program. Secrets are in `slot/env` and nowhere else.
 */
export async function slotBundle(
  parts: HostParts,
  secrets: ReadonlyMap<string, string>,
  brought: Brought,
): Promise<Uint8Array> {
  const { spec, release } = parts.deployment
  const { pack } = await import('tar-stream')
  const tar = pack()
  // The group is looked up by its name as the tar is unpacked, which spares the host a program.
  const owner = { uname: 'root', gname: isLocal(parts.host) ? 'root' : spec.user, mtime: new Date(0) }
  const add = (name: string, content: string | Buffer): void => {
    tar.entry({ name, mode: isLocal(parts.host) ? 0o600 : 0o640, ...owner }, content)
  }
  tar.entry({ name: 'slot', type: 'directory', mode: isLocal(parts.host) ? 0o700 : 0o750, ...owner })
  tar.entry({ name: 'slot/release', type: 'symlink', linkname: `../../releases/${release}`, ...owner })
  add('slot/env', environmentText(parts, secrets))
  add('slot/services', `${servicesOf(spec).join(' ')}\n`)
  for (const name of [...servicesOf(spec), ...timersOf(spec)])
    add(`slot/${name}.sh`, runScript(parts, commandOf(spec, name)))
  for (const [name, text] of Object.entries(standingPrograms(parts))) add(`app/${name}`, text)
  add('list', brought.list)
  add('gone', brought.gone)
  add('statement', brought.statement.signed)
  add('statement.sig', brought.statement.signature)
  add('hub', `hub ${brought.hub.line}\n${brought.hub.id}\n`)
  add('shared', lines(spec.shared))
  add('links', lines(spec.links))
  tar.finalize()
  return buffer(tar)
}

const lines = (items: readonly string[]): string => items.map((item) => `${item}\n`).join('')

/** Programs that stay on a host between changes. They name no release, so that most deploys need not lay them anew. */
export function standingPrograms(parts: HostParts): Readonly<Record<string, string>> {
  const { scripts } = parts
  return {
    'supervise.sh': scripts['supervise.sh'],
    'retire.sh': scripts['retire.sh'],
    'boot.sh': scripts['boot.sh'],
    'retire.words': retireWords(parts),
  }
}

const ofOneChange = ['MARK', 'CHANGE', 'TOKEN', 'RELEASE', 'SPEC', 'SLOT', 'OLD_SLOT', 'BASE']

/** The warm release is stopped long after the program that left it: it needs the words of that program. */
function retireWords(parts: HostParts): string {
  const lasting = Object.entries(variables(parts)).filter(([name]) => !ofOneChange.includes(name))
  const names = { ...Object.fromEntries(lasting), ROOT: rootOf(parts.host), RUN: '/tmp' }
  return `${shAssign(names)}${sharedWords(parts)}`
}

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** One shell file that sets what the app finds in its environment. Nothing of ours can be overwritten by it. */
function environmentText(
  { deployment, wish, host }: HostParts,
  secrets: ReadonlyMap<string, string>,
): string {
  const { spec, release, commit, app, environment } = deployment
  const ports = spec.port === null ? null : slotPorts(spec.port)
  const port = ports === null ? null : spec.front === 'none' ? spec.port : ports[wish.slot]
  const values = {
    PATH: (isLocal(host) ? process.env['PATH'] : null) ?? systemPath,
    LC_ALL: 'C.UTF-8',
    ...spec.env,
    ...Object.fromEntries(secrets),
    TANDEM_APP: app,
    TANDEM_ENVIRONMENT: environment,
    TANDEM_RELEASE: release,
    TANDEM_COMMIT: commit,
    ...(port === null ? {} : { PORT: String(port) }),
  }
  return Object.entries(values)
    .map(([name, value]) => `export ${name}=${sh(value)}\n`)
    .join('')
}

/** How a process is started. A line of shell that is more than one program is given to a shell of its own. */
export function runScript(parts: HostParts, command: string): string {
  const slot = `${appDirOf(parts)}/slots/${parts.wish.slot}`
  const start = isOneProgram(command) ? command.trim() : `/bin/sh -c ${sh(command)}`
  return `. ${sh(`${slot}/env`)}\ncd ${sh(`${slot}/release`)} || exit 1\nexec ${start}\n`
}
