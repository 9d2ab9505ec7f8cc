import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { mustRunSync } from './run.ts'

/** What makes one host different from the others; written to its disk before it is first switched on. */
export type Furniture = Readonly<{
  hostname: string
  hosts: string
  resolvConf: string
  aptConf: string
  authorizedKeys: string
  hostKeyPrivate: string
  hostKeyPublic: string
}>

/** Makes the folders and the memory disk of a host and puts its own files on it. */
export function furnish(folder: string, disk: string, furniture: Furniture, diskBytes: number): void {
  mkdirSync(join(folder, 'root'), { recursive: true })
  mkdirSync(disk, { recursive: true })
  mustRunSync(['mount', '-t', 'tmpfs', '-o', `size=${diskBytes},mode=755`, 'tandem-lab-disk', disk])
  mkdirSync(join(disk, 'work'))
  for (const [path, text, mode] of files(furniture)) {
    const file = join(disk, 'upper', path)
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 })
    writeFileSync(file, text, { mode })
  }
}

function files(furniture: Furniture): readonly (readonly [string, string, number])[] {
  return [
    ['etc/hostname', `${furniture.hostname}\n`, 0o644],
    ['etc/hosts', furniture.hosts, 0o644],
    ['etc/resolv.conf', furniture.resolvConf, 0o644],
    ['etc/apt/apt.conf.d/90lab', furniture.aptConf, 0o644],
    ['etc/ssh/lab_keys', furniture.authorizedKeys, 0o644],
    ['etc/ssh/ssh_host_ed25519_key', furniture.hostKeyPrivate, 0o600],
    ['etc/ssh/ssh_host_ed25519_key.pub', furniture.hostKeyPublic, 0o644],
  ]
}
