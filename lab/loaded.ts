import { rm, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** With these a program of ours tells what its threads load; what is compiled is kept in the folder. */
export const tellingEnvironment = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_OPTIONS: `--import ${fileURLToPath(new URL('tell-loaded.ts', import.meta.url))}`,
  NODE_COMPILE_CACHE: join(folder, 'compiled'),
  TANDEM_LOADED: folder,
})

const limitMs = 60_000

/** What a thread of the program has loaded by now; the first one has the number 0. */
export async function loadedBy(folder: string, thread: number): Promise<readonly string[]> {
  const file = join(folder, `thread-${thread}`)
  await writeFile(join(folder, 'tell'), '')
  const until = performance.now() + limitMs
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => null)
    if (text !== null) {
      await Promise.all([file, join(folder, 'tell')].map((path) => rm(path)))
      return JSON.parse(text) as readonly string[]
    }
    if (performance.now() > until) throw new Error(`thread ${thread} does not tell what it has loaded`)
    await pause(20)
  }
}
