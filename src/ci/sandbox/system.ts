import { accessSync, constants, existsSync, lstatSync, readlinkSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import type { Sandbox } from './sandbox.ts'

/** A part of the machine that every job sees, or a link to one. */
export type SystemPart =
  | Readonly<{ kind: 'folder'; path: string }>
  | Readonly<{ kind: 'link'; path: string; to: string }>
  /** Of a machine that is not this one, where it may be missing. */
  | Readonly<{ kind: 'perhaps'; path: string }>

const roots = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']
/** What programs need of `/etc`, and nothing that is anybody's secret. */
const settings = [
  'alternatives',
  'ca-certificates',
  'debian_version',
  'gai.conf',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'magic',
  'mime.types',
  'os-release',
  'perl',
  'protocols',
  'python3',
  'services',
  'ssl/certs',
  'ssl/openssl.cnf',
  'terminfo',
]

/** What there is of it on this machine. Jobs that share its network also look names up as the machine does. */
export function systemParts(network: Sandbox['network']): readonly SystemPart[] {
  const files = network === 'shared' ? [...settings, 'resolv.conf'] : settings
  return [
    ...roots.flatMap((path) => partOf(path)),
    ...files
      .map((name) => `/etc/${name}`)
      .filter((path) => existsSync(path))
      .map(folder),
  ]
}

/** The same of a machine that nobody has looked at. */
export function partsOfHost(network: Sandbox['network']): readonly SystemPart[] {
  const files = network === 'shared' ? [...settings, 'resolv.conf'] : settings
  return [...roots, ...files.map((name) => `/etc/${name}`)].map((path) => ({ kind: 'perhaps', path }))
}

const folder = (path: string): SystemPart => ({ kind: 'folder', path })

function partOf(path: string): readonly SystemPart[] {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there === undefined) return []
  return [there.isSymbolicLink() ? { kind: 'link', path, to: readlinkSync(path) } : folder(path)]
}

const usualFolders: readonly string[] = ['/usr/bin', '/bin', '/usr/sbin', '/sbin']

const programs: readonly Readonly<{ program: string; pack: string }>[] = [
  { program: 'bwrap', pack: 'bubblewrap' },
  { program: 'setpriv', pack: 'util-linux' },
  { program: 'prlimit', pack: 'util-linux' },
  { program: 'git', pack: 'git' },
]

/** Throws a trouble that says what has to be installed before jobs can be run here. */
export function requireSandbox(path = process.env['PATH'] ?? '', usual = usualFolders): void {
  if (process.platform !== 'linux') {
    throw new TroubleError({
      what: `jobs cannot be shut in on ${process.platform}`,
      now: 'run them on Linux, or push: the hub runs them',
    })
  }
  const missing = programs.find(({ program }) => !isThere(program, path, usual))
  if (missing === undefined) return
  throw new TroubleError({
    what: `${missing.program} is missing on this machine, and no job is run without its walls`,
    now: `\`apt-get install ${missing.pack}\`, and run it again`,
  })
}

const isThere = (program: string, path: string, usual: readonly string[]): boolean =>
  [...path.split(delimiter), ...usual].some((dir) => existsSync(join(dir, program)))

/** Which network a job gets that asks for one: its own, where this machine can make one. */
export function networkOf(asks: boolean): Sandbox['network'] {
  if (!asks) return 'none'
  const canMake = isThere('slirp4netns', process.env['PATH'] ?? '', usualFolders) && mayUse('/dev/net/tun')
  return canMake ? 'own' : 'shared'
}

function mayUse(device: string): boolean {
  try {
    accessSync(device, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}
