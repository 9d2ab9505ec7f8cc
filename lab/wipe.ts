import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { killCgroup, removeCgroup } from './cgroup.ts'
import { restoreForwarding } from './forwarding.ts'
import { bridgeName, removeNetwork } from './network.ts'
import { mustRunSync } from './run.ts'

const NSPAWN_FOLDER = '/run/systemd/nspawn'

/**
 * Removes everything that a run has put on this machine: processes, mounts, network, cgroups, files. Blocks,
 * so that it also works while the process is exiting; safe to repeat, and on what is half there.
 */
export function wipeRun(lab: number, folder: string): void {
  killCgroup(lab)
  unmountBeneath(folder)
  removeNetwork(lab)
  removeCgroup(lab)
  removeNspawnTraces(lab)
  rmSync(folder, { recursive: true, force: true })
  const runs = dirname(folder)
  if (claimedNumbers(runs).length === 0) restoreForwarding(forwardingFile(runs))
}

export function claimedNumbers(runs: string): readonly number[] {
  if (!existsSync(runs)) return []
  return readdirSync(runs)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

export function forwardingFile(runs: string): string {
  return join(runs, 'forwarding-before')
}

function unmountBeneath(folder: string): void {
  const mounted = mountPoints().filter((path) => path.startsWith(`${folder}/`))
  if (mounted.length > 0) mustRunSync(['umount', '--lazy', ...mounted.toReversed()])
  const left = mountPoints().filter((path) => path.startsWith(`${folder}/`))
  // Deleting a folder in which something is still mounted would delete what is mounted.
  if (left.length > 0)
    throw new Error(`cannot unmount ${left.join(', ')}; unmount by hand, then delete ${folder}`)
}

function mountPoints(): readonly string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ').slice(4, 5))
}

function removeNspawnTraces(lab: number): void {
  for (const kind of ['propagate', 'unix-export']) {
    const folder = join(NSPAWN_FOLDER, kind)
    if (!existsSync(folder)) continue
    for (const name of readdirSync(folder).filter((entry) => entry.startsWith(`${bridgeName(lab)}-`)))
      rmSync(join(folder, name), { recursive: true, force: true })
  }
}
