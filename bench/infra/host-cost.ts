import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabHost } from '../../lab/host.ts'
import { mustRun } from '../../lab/run.ts'
import { median } from '../lib/figures.ts'

/**
 * How many processes and threads a host has begun so far. Every host numbers its own from 1 upwards without a gap, so the
 * number of the newest is the count.
 */
async function begun(host: LabHost): Promise<number> {
  const { stdout } = await host.exec(['cat', '/proc/sys/kernel/ns_last_pid'])
  return Number(stdout)
}

/**
 * The forks of a host during some work, in the middle of several times; what looking costs itself is left out. The host
 * must have nothing else to do.
 */
export async function forksDuring(
  host: LabHost,
  times: number,
  work: () => Promise<unknown>,
): Promise<number> {
  const counts: number[] = []
  for (let nth = 0; nth < times; nth++) {
    const looking = -(await begun(host)) + (await begun(host))
    const before = await begun(host)
    await work()
    counts.push((await begun(host)) - before - looking)
  }
  return median(counts)
}

/** Counts what goes into each ssh that is started through it: its command line and its input. */
export type SshCounter = Readonly<{
  /** A folder with an `ssh`, to stand first in PATH. */
  folder: string
  /** Bytes that were sent up since the last call, of all sessions together. */
  taken: () => number
}>

const counting = `#!/bin/sh
# Stands before ssh, and keeps what goes into it.
file=$(mktemp "\${0%/*}/sent/XXXXXXXX")
printf '%s ' "$@" >"$file"
case " $* " in *' -O '*) exec REAL "$@" ;; esac
# ssh takes our place, so that it ends when it ends; tee goes on until nobody writes any more.
mkfifo "$file.fifo"
exec 3<&0
tee -a "$file" <&3 >"$file.fifo" 2>/dev/null &
exec REAL "$@" <"$file.fifo" 3<&-
`

export async function openSshCounter(folder: string): Promise<SshCounter> {
  const real = (await mustRun(['sh', '-c', 'command -v ssh'])).trim()
  const sent = join(folder, 'sent')
  mkdirSync(sent, { recursive: true })
  writeFileSync(join(folder, 'ssh'), counting.replaceAll('REAL', real))
  chmodSync(join(folder, 'ssh'), 0o755)
  const counted = new Map<string, number>()
  return {
    folder,
    taken: () => {
      const names = existsSync(sent) ? readdirSync(sent).filter((name) => !name.endsWith('.fifo')) : []
      return names.reduce((sum, name) => {
        const bytes = statSync(join(sent, name)).size
        const before = counted.get(name) ?? 0
        counted.set(name, bytes)
        // A session that stands takes more and more.
        return sum + bytes - before
      }, 0)
    },
  }
}
