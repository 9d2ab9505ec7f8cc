import { chown, lchown, lstat, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HostAddress } from '../../remote/remote.ts'
import type { Sandbox } from './sandbox.ts'
import { givenPlace, homePlace } from './sandbox.ts'
import { ourScripts } from './services.ts'

/** Users of jobs on a hub that runs as root, one for each place: no other program has numbers so high. */
const firstUid = 1_900_000_000

/** It asks those of the machine. */
const ownNameserver = '10.0.2.3'

/** Who the job in this place is. */
export function userOf(place: number): Sandbox['user'] {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0]
  return uid === 0 ? { kind: 'unprivileged', uid: firstUid + place } : { kind: 'own', uid, gid }
}

/** Who it is on a build host, where programs run as root unless the host is this machine. */
export const hostUser = ({ via }: HostAddress, place: number): Sandbox['user'] =>
  via.kind === 'local' ? userOf(place) : { kind: 'unprivileged', uid: firstUid + place }

/** Makes the empty folders of a job, and the files that say who it is. */
export async function furnish(
  work: string,
  { user, network }: Pick<Sandbox, 'user' | 'network'>,
): Promise<Sandbox['given']> {
  for (const name of ['files', 'tmp', 'home', 'given']) await mkdir(join(work, name), { recursive: true })
  const given = Object.entries(settingsOf({ user, network })).map(async ([name, text]) => {
    const from = join(work, 'given', name)
    await writeFile(from, text, { mode: 0o644 })
    return { from, to: `/etc/${name}` }
  })
  const node = { from: process.execPath, to: `${givenPlace}/bin/node` }
  return [...(await Promise.all(given)), ...ourScripts(network), node]
}

/** The files of `/etc` that say who the job is and where names are looked up, by name. */
export function settingsOf({
  user,
  network,
}: Pick<Sandbox, 'user' | 'network'>): Readonly<Record<string, string>> {
  const gid = user.kind === 'own' ? user.gid : user.uid
  return {
    passwd: `root:x:0:0:root:/root:/bin/sh\njob:x:${user.uid}:${gid}:job:${homePlace}:/bin/sh\n`,
    group: `root:x:0:\njob:x:${gid}:\n`,
    hosts: '127.0.0.1 localhost job\n::1 localhost\n',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
    ...(network === 'own' && { 'resolv.conf': `nameserver ${ownNameserver}\n` }),
  }
}

/** Gives all that lies in the job's folders to the job. Links are given away, not what they point to. */
export async function giveAway(work: string, user: Sandbox['user']): Promise<void> {
  if (user.kind === 'own') return
  for (const name of ['files', 'tmp', 'home']) await giveTree(join(work, name), user.uid)
}

async function giveTree(path: string, uid: number): Promise<void> {
  const there = await lstat(path)
  if (!there.isDirectory()) return lchown(path, uid, uid)
  await chown(path, uid, uid)
  const names = await readdir(path)
  for (let at = 0; at < names.length; at += 64)
    await Promise.all(names.slice(at, at + 64).map((name) => giveTree(join(path, name), uid)))
}

/** The environment that every job begins with; nothing of the hub's own is in it. */
export const emptyEnv: Readonly<Record<string, string>> = {
  PATH: `/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:${givenPlace}/bin`,
  HOME: homePlace,
  TMPDIR: '/tmp',
  USER: 'job',
  LOGNAME: 'job',
  SHELL: '/bin/sh',
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  CI: 'true',
  TERM: 'dumb',
}
