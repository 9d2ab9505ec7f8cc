import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Canary, formsIn } from './canary.ts'

/** A place where a canary was found. */
export type Trace = Readonly<{ where: string; form: string }>

const largestBytes = 256 * 1024 * 1024

/** Every file beneath a folder, and every name of one, in which a canary stands. `sinceMs`: only what was written since. */
export function tracesIn(folder: string, canary: Canary, sinceMs = 0): readonly Trace[] {
  const found: Trace[] = []
  const walk = (path: string): void => {
    const seen = lstatSync(path, { throwIfNoEntry: false })
    if (seen === undefined) return
    const where = relative(folder, path)
    for (const form of formsIn(canary, where)) found.push({ where, form: `${form}, in its name` })
    if (seen.isDirectory()) for (const name of namesIn(path)) walk(join(path, name))
    if (!seen.isFile() || seen.size > largestBytes || seen.mtimeMs < sinceMs) return
    for (const form of formsIn(canary, bytesOf(path))) found.push({ where, form })
  }
  walk(folder)
  return found
}

export function tracesInText(where: string, text: string, canary: Canary): readonly Trace[] {
  return formsIn(canary, text).map((form) => ({ where, form }))
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // It went away meanwhile.
    return []
  }
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch {
    // It went away meanwhile.
    return new Uint8Array()
  }
}
