import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { descendantsOf } from './descendants.ts'

const pageBytes = 4_096
/** A job that says nothing of memory may take this part of what the machine has. */
const usualPart = 0.75

/** How much memory a job may use, where it says so or not. */
export const memoryLimit = (said: number | null): number => said ?? Math.floor(totalmem() * usualPart)

/**
 * Whether all processes below this one use more memory than that. What they share counts once: that is dear to find
 * out, so it is asked only of those who would be over if nothing were shared.
 */
export function usesMore(sandbox: number, mostBytes: number): boolean {
  const pids = descendantsOf(sandbox)
  const sum = (bytesOf: (pid: number) => number): number =>
    pids.reduce((bytes, pid) => bytes + bytesOf(pid), 0)
  return sum(residentOf) > mostBytes && sum(proportionOf) > mostBytes
}

const residentOf = (pid: number): number => Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * pageBytes

/** Files that are only mapped do not count: the kernel takes their pages back when it needs them. */
function proportionOf(pid: number): number {
  const text = read(`/proc/${pid}/smaps_rollup`)
  const kib = (word: string): number => Number(new RegExp(`^${word}: +(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0)
  return (kib('Pss_Anon') + kib('Pss_Shmem') + kib('SwapPss')) * 1024
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // It has ended while we looked.
    return ''
  }
}
