import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Frame } from '../../remote/remote.ts'

/** A shell that hosts may have as /bin/sh, and how it is asked to run a file. */
export type TryShell = Readonly<{ name: string; argv: readonly [string, ...string[]] }>

const shells: readonly TryShell[] = [
  { name: 'dash', argv: ['/bin/dash'] },
  { name: 'bash --posix', argv: ['/bin/bash', '--posix'] },
  { name: 'busybox ash', argv: [existsSync('/bin/busybox') ? '/bin/busybox' : '/usr/bin/busybox', 'ash'] },
]

/** The shells that are here. */
export const shellsHere = (): readonly TryShell[] => shells.filter(({ argv }) => existsSync(argv[0]))

/** A shell whose program is killed after a while, with all that it started, as a loss of power would. */
export const cutOff = ({ name, argv }: TryShell, afterMs: number): TryShell => ({
  name,
  argv: ['timeout', '-s', 'KILL', String(afterMs / 1000), ...argv],
})

export type TryProgram = Readonly<{ script: string; frames?: readonly Frame[] }>

export type Tried = Readonly<{ lines: readonly string[]; code: number | null; stderr: string }>

/** Runs a program as a host would: with nothing in its environment but what every program is given. */
export function runIn(shell: TryShell, { script, frames = [] }: TryProgram, root: string): Tried {
  const folder = mkdtempSync(join(tmpdir(), 'tandem program '))
  try {
    const file = join(folder, 'script')
    writeFileSync(file, script)
    for (const { name, bytes } of frames) writeFileSync(join(folder, name), bytes)
    const [command, ...rest] = shell.argv
    const env = {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      HOME: '/root',
      ROOT: root,
      RUN: folder,
    }
    const done = spawnSync(command, [...rest, file], { env, cwd: folder, maxBuffer: 64 * 1024 * 1024 })
    return {
      lines: done.stdout.toString().split('\n').slice(0, -1),
      code: done.status,
      stderr: done.stderr.toString(),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
