import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hooksDir, replaceFile } from '../repository.ts'

const hooks = ['pre-receive', 'post-receive'] as const

/** Where a hook leaves what it has to tell while the hub is away. */
export const spoolDir = (stateDir: string): string => join(stateDir, 'spool')

/** Writes the hooks of all repositories. */
export async function writeHooks(stateDir: string): Promise<void> {
  const dir = hooksDir(stateDir)
  for (const folder of [dir, spoolDir(stateDir)]) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await chmod(folder, 0o700)
  }
  const text = await readFile(new URL('hook.pl', import.meta.url), 'utf8')
  for (const hook of hooks) await replaceFile(join(dir, hook), text, 0o700)
}
