import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Ends every process whose command line names the folder or that works in it: what a killed hub has left. */
export function endProcessesOf(folder: string): void {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    if (Number(name) !== process.pid && belongsTo(name, folder)) killQuietly(Number(name))
  }
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
