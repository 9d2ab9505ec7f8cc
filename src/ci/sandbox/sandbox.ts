import type { Service } from '../../config/repo/repo.ts'
import type { SystemPart } from './system.ts'

/** What a job may see and use. All else of the machine is not there for it. */
export type Sandbox = Readonly<{
  /** The folder with `files`, `tmp` and `home` for the job alone. */
  work: string
  /** Who the job is; `own` = whoever runs the hub, which is not root. */
  user: Readonly<{ kind: 'unprivileged'; uid: number }> | Readonly<{ kind: 'own'; uid: number; gid: number }>
  /** `own`: the world outside, through a network that is given to it alone; `shared`: that of the machine, as it is. */
  network: 'none' | 'own' | 'shared'
  /** Of the machine, read-only. */
  system: readonly SystemPart[]
  /** Folders of ours that must not be seen, wherever they lie. */
  hidden: readonly string[]
  /** Files of ours that it gets, read-only. */
  given: readonly Readonly<{ from: string; to: string }>[]
  /** Started before the command, by the name of their script. */
  services: readonly Service[]
}>

/** Where the checkout lies for a job. */
export const checkoutPlace = '/work'
export const homePlace = '/home/job'
/** Where the hub puts what it gives to a job. */
export const givenPlace = '/run/tandem'

/**
 * The files by which a sandbox is given its network: who it is, that it is ready for one (`network.sh`), and that it is
 * there.
 */
export const networkStreams = { info: 3, asks: 4, answers: 5 } as const

/** Made before what lies in them, because those that are made on the way are closed to the job. */
const folders = ['/etc', '/etc/ssl', '/home', '/run', givenPlace, `${givenPlace}/bin`, '/var']
const processes = 1_024
const openFiles = 8_192
const sharedBytes = 512 * 1024 * 1024

/** The command that runs a shell command in a sandbox. Its environment is handed on as it is. */
export function sandboxArgv(box: Sandbox, command: string): readonly string[] {
  return [...walls(box), 'sh', `${givenPlace}/job.sh`, command, ...box.services]
}

/** What comes before the words of any program that shall run in a sandbox. */
export function walls(box: Sandbox): readonly string[] {
  const { work } = box
  return [
    ['bwrap'],
    apart(box),
    folders.flatMap((path) => ['--dir', path]),
    box.system.flatMap(partWords),
    box.hidden.filter((path) => path.startsWith('/usr/')).flatMap((path) => ['--tmpfs', path]),
    ['--proc', '/proc', '--dev', '/dev'],
    ['--perms', '1777', '--size', String(sharedBytes), '--tmpfs', '/dev/shm'],
    ['--bind', `${work}/tmp`, '/tmp', '--bind', `${work}/tmp`, '/var/tmp'],
    ['--bind', `${work}/home`, homePlace, '--bind', `${work}/files`, checkoutPlace],
    box.given.flatMap(({ from, to }) => ['--ro-bind', from, to]),
    ['--chdir', checkoutPlace, '--'],
    identity(box),
    ['choom', '-n', '700', '--'],
    ['prlimit', `--nproc=${processes}`, `--nofile=${openFiles}`, '--core=0'],
  ].flat()
}

/** Everything of its own: processes, messages, names, the network. It ends when its supervisor does. */
function apart({ user, network }: Sandbox): readonly string[] {
  return [
    ['--die-with-parent', '--new-session', '--unshare-pid', '--unshare-ipc', '--unshare-uts'],
    ['--unshare-cgroup-try', '--hostname', 'job'],
    network === 'shared' ? [] : ['--unshare-net'],
    network === 'own' ? ['--info-fd', String(networkStreams.info)] : [],
    user.kind === 'own' ? ['--unshare-user', '--disable-userns'] : [],
  ].flat()
}

function partWords(part: SystemPart): readonly string[] {
  if (part.kind === 'link') return ['--symlink', part.to, part.path]
  return [part.kind === 'folder' ? '--ro-bind' : '--ro-bind-try', part.path, part.path]
}

/** Root makes the sandbox, and gives up everything before the job begins. */
function identity({ user }: Sandbox): readonly string[] {
  if (user.kind === 'own') return []
  const nobody = ['--clear-groups', '--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all']
  return ['setpriv', `--reuid=${user.uid}`, `--regid=${user.uid}`, ...nobody, '--no-new-privs', '--']
}
