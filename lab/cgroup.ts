import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

// systemd-nspawn makes its container's cgroups beneath the one it was started in. Two containers started in
// the same one would share them, and stopping a unit on one host would kill that unit on every host.

const HYBRID = ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified']
const UNIFIED = ['/sys/fs/cgroup']
const EMPTYING_TRIES = 200
const EMPTYING_PAUSE_MS = 10

/** Makes a cgroup for one host and returns the files to write a pid into, one per hierarchy. */
export function makeCgroup(lab: number, host: string): readonly string[] {
  return folders(lab, host).map((folder) => {
    mkdirSync(folder, { recursive: true })
    return join(folder, 'cgroup.procs')
  })
}

/** Kills every process in the cgroups of the lab (or of one host) at once, and waits until they are gone. */
export function killCgroup(lab: number, host = ''): void {
  for (const folder of folders(lab, host)) {
    const killSwitch = join(folder, 'cgroup.kill')
    if (existsSync(killSwitch)) writeFileSync(killSwitch, '1')
  }
  for (let tries = 0; tries < EMPTYING_TRIES; tries += 1) {
    const pids = folders(lab, host).flatMap(pidsBeneath)
    if (pids.length === 0) return
    for (const pid of pids) killQuietly(pid)
    pauseSync(EMPTYING_PAUSE_MS)
  }
  const seconds = (EMPTYING_TRIES * EMPTYING_PAUSE_MS) / 1000
  throw new Error(
    `processes of lab ${lab} ${host} did not die in ${seconds} s; look for D in: ps -eo pid,stat,args`,
  )
}

/** Removes the emptied cgroups of the lab, and the one above when no other lab is in it. */
export function removeCgroup(lab: number): void {
  for (const folder of folders(lab, '')) {
    removeTree(folder)
    const above = dirname(folder)
    if (existsSync(above) && subfolders(above).length === 0) rmdirSync(above)
  }
}

function folders(lab: number, host: string): readonly string[] {
  const isUnified = existsSync('/sys/fs/cgroup/cgroup.controllers')
  const roots = isUnified ? UNIFIED : HYBRID.filter((root) => existsSync(root))
  return roots.map((root) => join(root, 'tandem-lab', String(lab), host))
}

function pidsBeneath(folder: string): readonly number[] {
  if (!existsSync(folder)) return []
  const own = readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number)
  return [...own, ...subfolders(folder).flatMap(pidsBeneath)]
}

// A cgroup folder is full of files that cannot be removed and need not be; rmdir of the folder is enough.
function removeTree(folder: string): void {
  if (!existsSync(folder)) return
  for (const inner of subfolders(folder)) removeTree(inner)
  rmdirSync(folder)
}

function subfolders(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It died between the listing and the kill, which is what was wanted.
  }
}

function pauseSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
