import { createHash, randomBytes } from 'node:crypto'
import { lstat, mkdir, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { TroubleError } from '../change/trouble.ts'
import type { SshPlaces, Via } from './ssh-command.ts'

/** The path of a socket may have 108 bytes on Linux; ssh adds 17 while it makes one. */
const SOCKET_PATH_LIMIT = 108 - 17 - 1
const NAME_LENGTH = 16
const OWN_LENGTH = 8

/** A word that keeps the connections of one process apart from those of another with the same state folder. */
export function ownWord(): string {
  return randomBytes(OWN_LENGTH / 2).toString('hex')
}

/** Writes down the pinned key of a host, and says where the socket of its connection goes. */
export async function placesFor(
  at: Readonly<{ stateDir: string; own: string }>,
  via: Via,
  hostKey: string,
): Promise<SshPlaces> {
  const folder = resolve(at.stateDir, 'ssh')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // All that decides who is reached, and as whom: two hosts never share a connection by mistake.
  const name = shortHash([via.user, via.address, via.port, hostKey, via.identityFile])
  const alias = `tandem-${name}`
  const knownHosts = join(folder, `${name}.known`)
  const fresh = `${knownHosts}.${at.own}`
  await writeFile(fresh, `${alias} ${hostKey}\n`, { mode: 0o600 })
  await rename(fresh, knownHosts)
  return { alias, knownHosts, socket: join(await socketFolder(folder), `${name}-${at.own}`) }
}

/** The state folder itself where its path is short enough, else one of ours with a short path. */
async function socketFolder(folder: string): Promise<string> {
  if (Buffer.byteLength(folder) + NAME_LENGTH + OWN_LENGTH + 2 <= SOCKET_PATH_LIMIT) return folder
  const user = process.getuid?.() ?? 0
  const short = join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), `tandem-${user}-${shortHash([folder])}`)
  await mkdir(short, { recursive: true, mode: 0o700 })
  const found = await lstat(short)
  // Anyone may make folders in /tmp: a socket in a stranger's would be a stranger's connection.
  if (found.isDirectory() && found.uid === user && (found.mode & 0o077) === 0) return short
  throw new TroubleError({
    what: `the folder for ssh connections is open to others, or not ours: ${short}`,
    where: short,
    now: 'remove it, or keep the state in a folder with a path under 70 characters',
  })
}

function shortHash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, NAME_LENGTH)
}
