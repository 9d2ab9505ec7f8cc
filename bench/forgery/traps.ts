import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Where code leaves a trace if it is ever run outside of a sandbox. */
export type Traps = Readonly<{
  /** The command that leaves one, under this name. */
  touch: (name: string) => string
  /** The names that were left. */
  sprung: () => readonly string[]
}>

/** Traps in a folder that everybody on the machine may write to. One that cannot spring would prove nothing. */
export function setTraps(dir: string): Traps {
  mkdirSync(dir, { recursive: true })
  for (const open of ['..', '.']) chmodSync(join(dir, open), 0o1777)
  const traps: Traps = { touch: (name) => `touch ${join(dir, name)}`, sprung: () => readdirSync(dir) }
  const trial = ['--reuid=65534', '--regid=65534', '--clear-groups', 'sh', '-c', traps.touch('trial')]
  spawnSync('setpriv', trial)
  if (!traps.sprung().includes('trial')) throw new Error(`nobody can leave a trace in ${dir}`)
  rmSync(join(dir, 'trial'))
  return traps
}
