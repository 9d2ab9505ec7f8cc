import type { Opening } from './bootstrap.ts'
import { PATH } from './bootstrap.ts'
import type { HostAddress } from './remote.ts'

export type Via = Extract<HostAddress['via'], { kind: 'ssh' }>

/** Where ssh finds the pinned key of a host and the socket of its open connection. */
export type SshPlaces = Readonly<{ alias: string; knownHosts: string; socket: string }>

/** How long a connection stays open when no program uses it. */
const PERSIST_SECONDS = 60
const CONNECT_SECONDS = 10
/** A host that is silent for three of these is gone: known here before a host that hears nobody gives up on us (12 s). */
const ALIVE_SECONDS = 3

/** The folder on hosts that everything of ours is in. */
export const HOST_ROOT = '/var/lib/tandem'

/** The command to reach `via` and run `remote` there. `kex` are key exchanges to prefer, cheapest first. */
export function sshArgv(
  via: Via,
  places: SshPlaces,
  kex: readonly string[],
  remote: readonly string[],
): [string, ...string[]] {
  const options = {
    ...connectionOptions(places),
    ...hostKeyOptions(via, places),
    ...(kex.length === 0 ? {} : { KexAlgorithms: `^${kex.join(',')}` }),
    ...(via.identityFile === null ? {} : { IdentityFile: via.identityFile, IdentitiesOnly: 'yes' }),
  }
  const target = ['-p', String(via.port), '-l', via.user, '--', via.address]
  return ['ssh', '-T', ...Object.entries(options).flatMap(sshOption), ...target, ...remote]
}

/** What the login shell of the host gets to read. Every word is safe in sh, csh and fish between single quotes. */
export function hostCommand(via: Via, opening: Opening, prompt: string): string {
  const become = { no: '', free: 'sudo -n ', password: `sudo -S -k -p ${prompt} ` }[via.sudo]
  // A look kills its own group of processes at its end. sudo is not to be one of them.
  const shell = opening.lookMs === null || via.sudo === 'no' ? '/bin/sh' : 'setsid -w /bin/sh'
  return `exec ${become}env -i PATH=${PATH} HOME=/root TZ=UTC ${shell} -c '${opening.line}' ${opening.words.join(' ')}`
}

/** `-o Name=value`, quoted as ssh reads it: a value may hold spaces, and `%` would begin a token. */
export function sshOption([name, value]: readonly [name: string, value: string]): [string, string] {
  const isPath = value.includes('/') && !value.startsWith('^')
  return ['-o', `${name}=${isPath ? `"${value.replaceAll('%', '%%')}"` : value}`]
}

/** The environment for ssh: agents and jump hosts need ours; its messages are read, so they are in English. */
export function sshEnvironment(): Readonly<Record<string, string>> {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...Object.fromEntries(own), LC_ALL: 'C' }
}

function connectionOptions(places: SshPlaces): Readonly<Record<string, string>> {
  return {
    BatchMode: 'yes',
    ControlMaster: 'auto',
    ControlPersist: String(PERSIST_SECONDS),
    ControlPath: places.socket,
    ConnectTimeout: String(CONNECT_SECONDS),
    ConnectionAttempts: '1',
    ServerAliveInterval: String(ALIVE_SECONDS),
    ServerAliveCountMax: '3',
    ForwardAgent: 'no',
    ForwardX11: 'no',
    ClearAllForwardings: 'yes',
    PermitLocalCommand: 'no',
    RemoteCommand: 'none',
    EscapeChar: 'none',
    LogLevel: 'ERROR',
  }
}

/** Only the pinned key counts, whatever other files and DNS say. */
function hostKeyOptions(via: Via, places: SshPlaces): Readonly<Record<string, string>> {
  return {
    StrictHostKeyChecking: 'yes',
    UserKnownHostsFile: places.knownHosts,
    GlobalKnownHostsFile: '/dev/null',
    HostKeyAlias: places.alias,
    HostKeyAlgorithms: algorithmsOf(via.hostKey ?? ''),
    HashKnownHosts: 'no',
    UpdateHostKeys: 'no',
    CheckHostIP: 'no',
    VerifyHostKeyDNS: 'no',
  }
}

function algorithmsOf(hostKey: string): string {
  const [type = ''] = hostKey.trim().split(' ')
  return type === 'ssh-rsa' ? 'rsa-sha2-512,rsa-sha2-256' : type
}
