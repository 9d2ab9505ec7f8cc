import type { HostAddress } from '../../remote/remote.ts'
import type { EndReason } from '../supervisor/order.ts'

/**
 * A job that runs on a build host, as its carrier needs to know it. The carrier is a process in the place of the
 * sandbox: to the supervisor, what it prints is what the job prints, and when it ends the job has ended.
 */
export type Carried = Readonly<{
  host: HostAddress
  /** Where keys of hosts are written down. */
  stateDir: string
  /** Names its run on the host. */
  id: string
  /** No line of a job begins with it. */
  mark: string
  /** The whole command there, sandbox and all; places are relative to the folder of the run. */
  argv: readonly string[]
  env: Readonly<Record<string, string>>
  secrets: readonly string[]
  /** The work tree, packed. */
  tar: string
  /** Files that the sandbox is given, by name. */
  given: Readonly<Record<string, string>>
  services: readonly string[]
  /** Who the job is there; null = whoever runs programs there. */
  uid: number | null
  limits: Readonly<{ runMs: number; graceMs: number; keepFreeBytes: number; memoryBytes: number | null }>
  /** Prints a tar of what is wanted back; null = nothing is. */
  fetch: readonly string[] | null
  /** The folder that becomes what was fetched. */
  files: string
  /** How long a host that is not heard is waited for. */
  patienceMs: number
  /** The file that gets the verdict. */
  verdict: string
}>

/** How a job on a host ended, as its carrier writes it down. */
export type Verdict = Readonly<{ why: EndReason; code: number | null; said: string | null }>
