import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Holder } from './store.ts'

/** Without a beat for this long a holder counts as dead. */
export const silenceMs = 12_000

/** What this machine can say about processes. */
export type Machine = Readonly<{
  /** Names this boot of this machine and its process ids; equal for two processes that can see each other. */
  boot: string
  /** Milliseconds on a clock that every process of this boot shares, and that nobody sets. */
  uptimeMs: () => number
  /** When a process of this boot started; `unseen` where the machine does not tell. */
  startOf: (pid: number) => number | 'gone' | 'unseen'
}>

/** A holder with its last beat, by the wall clock and by the uptime clock of its boot. */
export type Beating = Omit<Holder, 'kind'> & Readonly<{ beat: number; uptime: number }>

export function thisProcess(kind: Holder['kind']): Holder {
  const machine = thisMachine()
  const started = machine.startOf(process.pid)
  return {
    pid: process.pid,
    started: typeof started === 'number' ? started : Math.round(Date.now() - process.uptime() * 1000),
    boot: machine.boot,
    kind,
  }
}

export function thisMachine(): Machine {
  return {
    boot: bootOf(),
    uptimeMs: () => Number(process.hrtime.bigint() / 1_000_000n),
    startOf: (pid) => startIn(pid, read(`/proc/${pid}/stat`)),
  }
}

/**
 * Whether the holder lives, seen from this machine. A holder of this boot is judged by its process, and its silence by
 * the uptime clock: the wall clock jumps when somebody sets it and when a laptop wakes.
 */
export function isAlive(holder: Beating, machine: Machine, at: number): boolean {
  if (holder.boot !== machine.boot) return Math.abs(at - holder.beat) < silenceMs
  const started = machine.startOf(holder.pid)
  // Gone, or the number was given to another process since.
  if (started !== 'unseen' && started !== holder.started) return false
  const silence = machine.uptimeMs() - holder.uptime
  return silence >= 0 && silence < silenceMs
}

export const isSame = (a: Omit<Holder, 'kind'>, b: Omit<Holder, 'kind'>): boolean =>
  a.pid === b.pid && a.started === b.started && a.boot === b.boot

function bootOf(): string {
  const boot = read('/proc/sys/kernel/random/boot_id')
  if (boot === null) return `host:${hostname()}`
  // Containers share the kernel's boot id but number their processes apart.
  return `${boot.trim()}/${readlinkSync('/proc/self/ns/pid')}`
}

function startIn(pid: number, stat: string | null): number | 'gone' | 'unseen' {
  // Other users' processes may be hidden, and other systems have no /proc.
  if (stat === null) return isThere(pid) ? 'unseen' : 'gone'
  // The name stands in parentheses and may contain anything, so the fields are counted from its end.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const state = fields[0]
  if (state === 'Z' || state === 'X') return 'gone'
  const started = Number(fields[19])
  return Number.isSafeInteger(started) ? started : 'unseen'
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // A file that is not there or may not be read says the same: this machine does not tell.
    return null
  }
}
