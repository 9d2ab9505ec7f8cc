import { existsSync, readFileSync } from 'node:fs'
import type { Lab } from '../../lab/lab.ts'
import { processorMs } from '../lib/process.ts'

/**
 * Processor time in milliseconds: of all hosts, of this process with what it has run, and of a hub with what it has
 * run. Unlike the clock it does not count what else this machine is doing.
 */
export type ProcessorTime = Readonly<{ hosts: number; here: number; hub: number }>

const roots = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup']

export function processorTime(lab: Lab, hub: number): ProcessorTime {
  return { hosts: hostsMs(lab), here: processorMs(process.pid), hub: processorMs(hub) }
}

export function timeBetween(before: ProcessorTime, after: ProcessorTime): ProcessorTime {
  return {
    hosts: after.hosts - before.hosts,
    here: after.here - before.here,
    hub: after.hub - before.hub,
  }
}

function hostsMs({ number }: Lab): number {
  const file = roots.map((root) => `${root}/tandem-lab/${number}/cpu.stat`).find((path) => existsSync(path))
  if (file === undefined) return Number.NaN
  return Number(/^usage_usec (\d+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? Number.NaN) / 1000
}
