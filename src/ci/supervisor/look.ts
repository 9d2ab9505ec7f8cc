import { watch } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { thisMachine } from '../../store/holder.ts'
import { signal } from './descendants.ts'
import { type JobEnd, jobFiles } from './order.ts'

/** A supervisor that says nothing for so long is stuck, and ended. */
const silenceMs = 30_000
/** How long one may take to begin. */
const birthMs = 20_000
const lookMs = 500

/**
 * What a job's folder says of its supervisor. `unborn`: none has begun, and one may still. `gone`: it began, and ended
 * without saying how its job did.
 */
export type Sight =
  | Readonly<{ state: 'unborn' | 'running' | 'gone' }>
  | Readonly<{ state: 'over'; end: JobEnd }>

export async function lookAt(folder: string): Promise<Sight> {
  const end = await endIn(folder)
  if (end !== null) return { state: 'over', end }
  const pid = await textOf(join(folder, jobFiles.pid))
  if (pid === null) return { state: 'unborn' }
  if (await isRunning(folder, pid)) return { state: 'running' }
  // It may have ended well between the two looks.
  const late = await endIn(folder)
  return late === null ? { state: 'gone' } : { state: 'over', end: late }
}

/** Follows a job until it is over, or its supervisor is gone. `seen` is called when its folder has news. */
export async function follow(
  folder: string,
  seen: () => void,
  signalled: AbortSignal,
): Promise<JobEnd | 'gone'> {
  const news = openNews(folder, seen)
  const began = performance.now()
  try {
    for (;;) {
      signalled.throwIfAborted()
      const sight = await lookAt(folder)
      if (sight.state === 'over') return sight.end
      if (sight.state === 'gone') return 'gone'
      const isLate = sight.state === 'unborn' && performance.now() - began > birthMs
      if (isLate && (await refuse(folder))) return 'gone'
      await news.next(sight.state === 'unborn' ? lookMs / 10 : lookMs, signalled)
    }
  } finally {
    news.close()
  }
}

/** Takes a folder from a supervisor that may still begin; false = it has begun. */
export async function refuse(folder: string): Promise<boolean> {
  return writeFile(join(folder, jobFiles.pid), 'nobody\n', { flag: 'wx', mode: 0o600 }).then(
    () => true,
    () => false,
  )
}

/** Asks a job to stop. Its supervisor sees it, whether this hub has begun it or one before. */
export async function askToStop(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(join(folder, jobFiles.stop), '', { mode: 0o600 })
}

async function isRunning(folder: string, written: string): Promise<boolean> {
  const [pid = '', start = '', boot = ''] = written.trim().split(' ')
  const machine = thisMachine()
  if (boot !== machine.boot || machine.startOf(Number(pid)) !== Number(start)) return false
  // A beat that is just being written for the first time is an empty file, which is no number: not zero, long ago.
  const beat = Number.parseInt((await textOf(join(folder, jobFiles.beat))) ?? '', 10)
  if (Number.isNaN(beat) || machine.uptimeMs() - beat < silenceMs) return true
  signal(Number(pid), 'SIGKILL')
  return false
}

async function endIn(folder: string): Promise<JobEnd | null> {
  const text = await textOf(join(folder, jobFiles.end))
  return text === null ? null : (JSON.parse(text) as JobEnd)
}

async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null)
}

type News = Readonly<{ next: (mostMs: number, signalled: AbortSignal) => Promise<void>; close: () => void }>

/** Wakes as soon as something is written in a folder, and after a while anyhow: a watch may miss things. */
function openNews(folder: string, seen: () => void): News {
  let wake = (): void => undefined
  let isNew = false
  const watcher = watch(folder, { persistent: false }, (_, name) => {
    if (name === jobFiles.beat) return
    seen()
    isNew = true
    wake()
  })
  watcher.on('error', () => watcher.close())
  return {
    next: async (mostMs, signalled) => {
      if (!isNew) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve
        })
        await Promise.race([woken, pause(mostMs, undefined, { signal: signalled }).catch(() => undefined)])
      }
      isNew = false
    },
    close: () => watcher.close(),
  }
}

/** Moves a folder aside at once, to be removed at leisure: what has the old name is whole. */
export async function setAside(folder: string): Promise<string> {
  const aside = `${folder}.gone`
  await rename(folder, aside)
  return aside
}
