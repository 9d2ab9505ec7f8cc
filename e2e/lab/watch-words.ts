import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * Looks at the command lines of all processes again and again; those of hosts in a lab are seen from here too.
 * `stop` tells how many it has read, and those in which the word stood.
 */
export function watchCommandLines(
  word: string,
): Readonly<{ stop: () => Promise<Readonly<{ read: number; found: readonly string[] }>> }> {
  const stopping = new AbortController()
  const found: string[] = []
  let read = 0
  const looking = (async () => {
    while (!stopping.signal.aborted) {
      for (const line of processes('cmdline')) {
        read += 1
        if (line.includes(word)) found.push(line.slice(0, 300))
      }
      await pause(15, undefined, { signal: stopping.signal }).catch(() => {})
    }
  })()
  return {
    stop: async () => {
      stopping.abort()
      await looking
      return { read, found }
    },
  }
}

/** The ids of users whose processes have this word in their environment. */
export function ownersOfEnvironments(word: string): readonly number[] {
  const owners = pids().flatMap((pid) => {
    const uid = /^Uid:\s+(\d+)/m.exec(fileOf(pid, 'status'))?.[1]
    return uid !== undefined && fileOf(pid, 'environ').includes(word) ? [Number(uid)] : []
  })
  return [...new Set(owners)]
}

const processes = (file: string): readonly string[] => pids().map((pid) => fileOf(pid, file))

const pids = (): readonly string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name))

function fileOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    // It has ended since we listed it.
    return ''
  }
}
