import { readFileSync } from 'node:fs'

/** Where the machine is busy, a child gets little of it: only what has had this many times its limit waits for nothing. */
const patience = 8
const msPerTick = 10

/**
 * Calls `late` once a process has used so much of the processor, or has taken eight times as long; where the system does
 * not tell what it used, once it has taken so long. Returns what ends the watching.
 */
export function watchTime(pid: number | undefined, limitMs: number, late: () => void): () => void {
  const began = performance.now()
  const look = (): void => {
    const tookMs = performance.now() - began
    const usedMs = processorMsOf(pid) ?? tookMs
    if (usedMs >= limitMs || tookMs >= patience * limitMs) late()
    else alarm = setTimeout(look, limitMs - usedMs)
  }
  let alarm = setTimeout(look, limitMs)
  return () => clearTimeout(alarm)
}

/** What a process has had of the processor; `null` where the system does not say so in `/proc`, or it has ended. */
function processorMsOf(pid: number | undefined): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the program may hold anything; user and system time are the 12th and 13th word after it.
    const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(words[11]) + Number(words[12])) * msPerTick
  } catch {
    return null
  }
}
