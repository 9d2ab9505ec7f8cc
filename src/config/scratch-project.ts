import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A project in a new temporary folder, for tests; gone when its scope ends. */
export async function scratchProject(
  files: Readonly<Record<string, string>>,
  prefix = 'project-',
): Promise<AsyncDisposable & { readonly dir: string }> {
  const dir = await mkdtemp(join(tmpdir(), prefix))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true })
    await writeFile(join(dir, name), text)
  }
  return { dir, [Symbol.asyncDispose]: async () => await rm(dir, { recursive: true, force: true }) }
}
