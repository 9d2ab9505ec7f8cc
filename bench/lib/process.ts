import { readFileSync } from 'node:fs'

/** The kernel counts these in hundredths of a second on every Linux that Node runs on. */
const tickMs = 10

/** Processor time of a process and of its ended children, in milliseconds. */
export function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // Words 14 to 17, counted after the name in brackets.
  const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return words.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * tickMs, 0)
}

/** How much memory a process has now, and the most it has had, in megabytes. */
export function memoryOf(pid: number): Readonly<{ nowMb: number; mostMb: number }> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const read = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024
  return { nowMb: read('VmRSS'), mostMb: read('VmHWM') }
}
