import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { headReader, type Head } from '../hooks/read-head.ts'
import { spoolDir } from '../hooks/write-hooks.ts'

/** A push that a hook wrote down. `at` is when it did. */
export type Spooled = Readonly<{ name: string; at: number; head: Head }>

const mostBytes = 1024 * 1024
/** A draft this old was left by a hook that was killed. */
const staleMs = 60_000

/** What hooks have told while nobody listened, oldest first. What cannot be read is taken away: the refs tell as well. */
export async function readSpool(stateDir: string, now: number): Promise<readonly Spooled[]> {
  const dir = spoolDir(stateDir)
  const names = await readdir(dir).catch(() => [])
  const found = await Promise.all(names.map((name) => readOne(dir, name, now)))
  return found.flatMap((one) => (one === null ? [] : [one])).sort((a, b) => a.at - b.at)
}

async function readOne(dir: string, name: string, now: number): Promise<Spooled | null> {
  const path = join(dir, name)
  const about = await stat(path).catch(() => null)
  if (about === null) return null
  const at = Math.round(about.mtimeMs)
  if (name.endsWith('.draft')) {
    if (now - at > staleMs) await rm(path, { force: true })
    return null
  }
  const text = about.size > mostBytes ? '' : await readFile(path, 'utf8')
  const reader = headReader()
  for (const line of text.split('\n')) {
    const head = reader.line(line)
    if (head === 'bad') break
    if (head !== 'more') return { name, at, head }
  }
  await rm(path, { force: true })
  return null
}

/** Takes one away whose push is written down elsewhere. Names come over the socket. */
export async function dropSpooled(stateDir: string, name: string): Promise<void> {
  if (/^\d{1,12}-\d{1,12}$/.test(name)) await rm(join(spoolDir(stateDir), name), { force: true })
}
