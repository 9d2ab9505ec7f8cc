import { readdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const lookEveryMs = 50

/**
 * Ends every process of the apps on a local host: their supervisors are told to let go, the processes to stop, and
 * what is left after a while is killed. Says how many there were.
 */
export async function stopAll(hostRoot: string, politeMs: number): Promise<number> {
  await letGo(hostRoot)
  const all = await processesOf(hostRoot)
  for (const pid of all) send(pid, 'SIGTERM')
  const deadlineMs = performance.now() + politeMs
  for (;;) {
    const left = await processesOf(hostRoot)
    if (left.length === 0) return all.length
    if (performance.now() > deadlineMs) {
      for (const pid of left) send(pid, 'SIGKILL')
      return all.length
    }
    await sleep(lookEveryMs)
  }
}

/** A supervisor starts its process again unless this file is there. */
async function letGo(hostRoot: string): Promise<void> {
  const files = await readdir(join(hostRoot, 'apps'), { recursive: true }).catch(() => [])
  const services = files.filter((file) => /^[^/]+\/slots\/[^/]+\/[^/]+\.sh$/.test(file))
  await Promise.all(
    services.map((file) => writeFile(join(hostRoot, 'apps', file.replace(/\.sh$/, '.stop')), '')),
  )
}

/** What works in one of its folders, or was started with one as its argument, and what that has started in its group. */
export async function processesOf(hostRoot: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const folders = [join(hostRoot, 'apps/'), join(hostRoot, 'front/')]
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [folder, words, stat] = await Promise.all([
        readlink(`/proc/${pid}/cwd`).catch(() => ''),
        readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
        readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
      ])
      return {
        pid,
        isOurs: folders.some((one) => `${folder}/`.startsWith(one) || words.includes(one)),
        group: groupIn(stat),
      }
    }),
  )
  const groups = new Set(found.flatMap(({ isOurs, group, pid }) => (isOurs && group === pid ? [group] : [])))
  return found
    .filter(({ pid, isOurs, group }) => pid !== process.pid && (isOurs || groups.has(group)))
    .map(({ pid }) => pid)
}

/** The process group: the third word after the name, which stands in brackets and may hold anything. */
const groupIn = (stat: string): number => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2] ?? 0)

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended between the look and the signal.
  }
}
