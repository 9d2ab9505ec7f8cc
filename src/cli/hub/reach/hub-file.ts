import { join } from 'node:path'
import { makeClient } from '../../../api/client/client.ts'
import { readPrivate, removePrivate, writePrivate } from './private-file.ts'

/** Where the hub that runs on a project says that it does. */
const fileIn = (stateDir: string): string => join(stateDir, 'hub.json')

export async function writeHubFile(stateDir: string, url: string): Promise<void> {
  await writePrivate(fileIn(stateDir), `${JSON.stringify({ url, pid: process.pid })}\n`)
}

/** Removes the file if it is still ours: a newer hub may have written its own. */
export async function removeHubFile(stateDir: string): Promise<void> {
  if ((await readHubFile(stateDir))?.pid === process.pid) await removePrivate(fileIn(stateDir))
}

/** The URL of the hub that runs on this project now; `null` when none does. A dead one leaves its file behind. */
export async function runningHub(stateDir: string): Promise<string | null> {
  const file = await readHubFile(stateDir)
  if (file === null || !isAlive(file.pid)) return null
  const client = makeClient({ fetch, base: file.url, token: '', door: 'cli' })
  const answer = await client.call('GET /api/version').catch(() => null)
  return answer === null ? null : file.url
}

async function readHubFile(stateDir: string): Promise<Readonly<{ url: string; pid: number }> | null> {
  const kept = await readPrivate(fileIn(stateDir))
  if (typeof kept !== 'object' || kept === null || !('url' in kept) || !('pid' in kept)) return null
  const { url, pid } = kept
  return typeof url === 'string' && typeof pid === 'number' ? { url, pid } : null
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process lives too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
