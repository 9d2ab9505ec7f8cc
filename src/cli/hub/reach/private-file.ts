import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { TroubleError } from '../../../change/trouble.ts'

/** Writes a file that only its owner reads, all of it or nothing. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const part = `${path}.${process.pid}.part`
  await writeFile(part, text, { mode: 0o600 })
  await rename(part, path)
}

/** As `writePrivate`, unless the file is there by then; whether we were the first. */
export async function writePrivateOnce(path: string, text: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const part = `${path}.${randomUUID()}.part`
  await writeFile(part, text, { mode: 0o600 })
  try {
    await link(part, path)
    return true
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw thrown
  } finally {
    await rm(part, { force: true })
  }
}

/** What is in a JSON file of ours; `null` when there is no file. */
export async function readPrivate(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw new TroubleError({ what: `cannot read ${path}`, where: error.message, now: 'see who owns it' })
  })
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch (cause) {
    const trouble = { what: `${path} is not JSON any more`, now: 'mend it, or remove it and log in again' }
    throw new TroubleError(trouble, { cause })
  }
}

export async function removePrivate(path: string): Promise<void> {
  await rm(path, { force: true })
}

/** The texts in an object of unknown make; everything else is left out. */
export function textsIn(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  )
}
