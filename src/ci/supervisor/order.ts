import type { Carried } from '../carry/carried.ts'

/** What the hub tells a supervisor, and what the supervisor leaves behind: docs/formats/job-folder.md. */

/** One job, ready to be run. It goes to the supervisor on its standard input, because it holds secrets. */
export type JobOrder = Readonly<{
  /** The folder that the supervisor writes into; it exists. */
  folder: string
  /** The whole command, sandbox and all. */
  argv: readonly string[]
  /** The whole environment of the command. */
  env: Readonly<Record<string, string>>
  /** Whether its sandbox waits to be given a network of its own. */
  ownNetwork: boolean
  /** What its carrier is told, where the job runs on a build host; null = it runs here. */
  carried: Carried | null
  /** Values that never reach the log. */
  secrets: readonly string[]
  /** How much of the job's time has passed already. */
  sinceStartMs: number
  limits: JobLimits
}>

export type JobLimits = Readonly<{
  /** After this long the job is stopped. */
  runMs: number
  /** What is told to stop has this long to do so. */
  graceMs: number
  /** The job is stopped when all of its processes use more than this. */
  memoryBytes: number
  /** The job is stopped when the disk has less room than this. */
  keepFreeBytes: number
  /** More than this is left out of the log. */
  logBytes: number
  /** A job that prints more than this is stopped. */
  printedBytes: number
}>

export const usualLimits: Omit<JobLimits, 'runMs' | 'memoryBytes'> = {
  graceMs: 10_000,
  keepFreeBytes: 512 * 1024 * 1024,
  logBytes: 16 * 1024 * 1024,
  printedBytes: 1024 * 1024 * 1024,
}

/** Why a job is no longer running. `killed`, `host lost`: the supervisor or the build host is gone; nothing is
 * said about the job. */
export type EndReason =
  | 'exited'
  | 'overdue'
  | 'stopped'
  | 'disk full'
  | 'out of memory'
  | 'flooded'
  | 'not started'
  | 'host lost'
  | 'killed'

/** How a job ended. `code` is 128 + signal for a command that was killed, and null where none ran. */
export type JobEnd = Readonly<{ why: EndReason; code: number | null; ms: number; said: string | null }>

/** The files of a job's folder. */
export const jobFiles = {
  log: 'log',
  /** Made by the supervisor as its first act: `PID START BOOT`. */
  pid: 'pid',
  /** The uptime of the machine in milliseconds, written once a second. */
  beat: 'beat',
  /** How it ended; there when everything else is written. */
  end: 'end',
  /** How a job on a build host ended, by its carrier. */
  verdict: 'verdict',
  /** Made by the hub: the job shall stop. */
  stop: 'stop',
  /** What the sandbox sees of the disk. */
  work: 'work',
} as const
