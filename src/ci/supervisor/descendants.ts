import { readdirSync, readFileSync } from 'node:fs'

const most = 20_000

/** All processes below this one, parents first, as far as the machine tells. */
export function descendantsOf(pid: number): readonly number[] {
  const found: number[] = []
  const open = [pid]
  for (let next = open.shift(); next !== undefined && found.length < most; next = open.shift()) {
    const children = childrenOf(next)
    found.push(...children)
    open.push(...children)
  }
  return found
}

/** Asks every process below the sandbox's own two to end. They may have ended meanwhile. */
export function askToEnd(sandbox: number): void {
  for (const pid of descendantsOf(sandbox).slice(1)) signal(pid, 'SIGTERM')
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended, which is what was wanted.
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
  } catch {
    // It has ended while we looked.
    return []
  }
}
