import { readFileSync } from 'node:fs'
import { readdir, readFile, readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LabHost } from '../../lab/host.ts'
import type { Lab } from '../../lab/lab.ts'
import { socketOf } from '../../lab/network.ts'

const app = 'var/lib/tandem/apps/shop.production'

/** Looking at what a deploy has left on a host, from outside: nothing is asked over SSH. */
export const appFolder = (host: LabHost): string => join(host.root, app)

export const fileOf = (host: LabHost, path: string): Promise<string> =>
  readFile(join(appFolder(host), path), 'utf8')

/** The lines of a file of the app that outlives releases; none when it is not there. */
export async function linesOf(host: LabHost, path: string): Promise<readonly string[]> {
  const text = await fileOf(host, join('shared', path)).catch(() => '')
  return text.split('\n').filter((line) => line !== '')
}

/** The releases that lie on a host. */
export const releasesOn = async (host: LabHost): Promise<readonly string[]> =>
  (await readdir(join(appFolder(host), 'releases'))).filter((name) => /^[0-9a-f]{64}$/.test(name)).toSorted()

/** The release that a slot runs; `null` for an empty slot. */
export async function slotOf(host: LabHost, slot: 'a' | 'b'): Promise<string | null> {
  const to = await readlink(join(appFolder(host), 'slots', slot, 'release')).catch(() => null)
  return to === null ? null : (to.split('/').at(-1) ?? null)
}

export const inodeOf = async (host: LabHost, release: string, path: string): Promise<number> =>
  (await stat(join(appFolder(host), 'releases', release, path))).ino

/** Runs a program on the host and returns what it said; throws when it fails. */
export async function sayOf(host: LabHost, ...argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await host.exec(argv)
  if (code === 0) return stdout.trim()
  throw new Error(`${argv.join(' ')} on ${host.name} ended with ${code}: ${stderr}${stdout}`)
}

/** The main process of a unit of the app; 0 when it does not run. */
export const pidOf = async (host: LabHost, unit: string): Promise<number> =>
  Number(await sayOf(host, 'systemctl', 'show', '-p', 'MainPID', '--value', unit))

/** Bytes that each host has received on its network card. The lab's end of the cable sends what the host receives. */
export function bytesReceived(lab: Lab): readonly number[] {
  return lab.hosts.map((_, index) => {
    const { veth } = socketOf(lab.number, index + 1)
    return Number(readFileSync(`/sys/class/net/${veth}/statistics/tx_bytes`, 'utf8'))
  })
}
