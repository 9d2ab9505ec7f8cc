import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const mostTries = 150
const betweenTriesMs = 20
/** A draft this old was left by somebody who died. */
const staleMs = 30_000

/**
 * Replaces a file by what `change` makes of its text (`null`: there is none). Readers find the old text or the new one,
 * also after a loss of power; of two who rewrite at once, the second waits for the first. Throws when it waited 3 s.
 */
export async function rewriteFile(
  path: string,
  change: (old: string | null) => Promise<string>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.draft`
  // Who could create the draft has the right to write; renaming it gives that right back.
  const file = await claim(draft)
  try {
    await file.writeFile(await change(await textOf(path)))
    await file.sync()
    await rename(draft, path)
  } catch (thrown) {
    await rm(draft, { force: true })
    throw thrown
  } finally {
    await file.close()
  }
}

/** The text of a file, or `null` when there is none. */
export async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    if (isCode(thrown, 'ENOENT')) return null
    throw thrown
  }
}

async function claim(draft: string): ReturnType<typeof open> {
  for (let tries = 0; tries < mostTries; tries++) {
    try {
      return await open(draft, 'wx', 0o644)
    } catch (thrown) {
      if (!isCode(thrown, 'EEXIST')) throw thrown
    }
    const since = await stat(draft).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    )
    if (Date.now() - since > staleMs) await rm(draft, { force: true })
    else await wait(betweenTriesMs)
  }
  throw new Error(`somebody else keeps writing ${draft}`)
}

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code
}
