import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Ends every process of a folder: what a killed hub has left. */
export function endProcessesOf(folder: string): void {
  for (const pid of processesOf(folder)) killQuietly(pid)
}

/** Every process but this one whose command line names something in the folder, or that works in it. */
export function processesOf(folder: string): readonly number[] {
  const names = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  return names.filter((name) => Number(name) !== process.pid && belongsTo(name, folder)).map(Number)
}

function belongsTo(pid: string, folder: string): boolean {
  try {
    const cwd = readlinkSync(`/proc/${pid}/cwd`)
    return (
      cwd === folder ||
      cwd.startsWith(`${folder}/`) ||
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${folder}/`)
    )
  } catch {
    // It has ended, or it is a thread of the kernel.
    return false
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
