import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import { usage } from '../args.ts'
import { askYes } from '../ask-yes.ts'
import { readSecretText, secretText, secretTextAbout } from './text.ts'
import type { World } from '../world.ts'

/** Who mistypes more often may begin anew. */
const mostTries = 10

/** What somebody made of these secrets in an editor; the text is in memory only, and gone in every case. */
export async function editSecrets(
  world: World,
  environment: string,
  secrets: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const editor = editorOf(world)
  const folder = await mkdtemp(join(await memoryFolder(world), 'tandem-secret-'))
  // A Ctrl-C in the editor is the editor's; a terminal that closes ends it, and then the text is removed here.
  const giveBack = [world.onInterrupt(() => {}), world.onHangup(() => {})]
  try {
    const file = join(folder, `${environment}.env`)
    await writeFile(file, `# the secrets of ${environment}\n${secretTextAbout}\n${secretText(secrets)}`, {
      mode: 0o600,
    })
    return await edited([...editor, file], file, world)
  } finally {
    for (const give of giveBack) give()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The text after the editor was closed. With a mistake in it, it may be opened again. */
async function edited(
  argv: readonly string[],
  file: string,
  world: World,
): Promise<ReadonlyMap<string, string>> {
  for (let tries = 1; ; tries += 1) {
    await runEditor(argv)
    try {
      return readSecretText(await readFile(file, 'utf8'))
    } catch (thrown) {
      if (!(thrown instanceof TroubleError) || world.input.isTTY !== true || tries === mostTries) throw thrown
      world.err(`${thrown.trouble.what}: ${thrown.trouble.now}`)
      if (!(await askYes(world, 'open it again?', ''))) throw thrown
    }
  }
}

async function runEditor([file = '', ...words]: readonly string[]): Promise<void> {
  const child = spawn(file, words, { stdio: 'inherit' })
  const code = await new Promise<number | string>((settle) => {
    child.on('error', (error) => settle(error.message))
    child.on('close', (exit, signal) => settle(exit ?? signal ?? 'nothing'))
  })
  if (code === 0) return
  throw new TroubleError({
    what: `the editor ${file} ended with ${code}: nothing was altered`,
    now: 'name one that waits until you close the file: EDITOR=nano',
  })
}

/** `EDITOR='code --wait'` is a command and its words. */
function editorOf({ env }: World): readonly string[] {
  const named = [env['VISUAL'], env['EDITOR'], 'vi'].find((one) => one !== undefined && one.trim() !== '')
  return (named ?? 'vi').trim().split(/\s+/)
}

/** A folder that is in memory, so that what was in it is on no disk. */
async function memoryFolder({ env }: World): Promise<string> {
  for (const folder of [env['XDG_RUNTIME_DIR'], '/dev/shm']) {
    if (folder === undefined || folder === '') continue
    const isThere = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    )
    if (isThere) return folder
  }
  throw usage('this machine has no folder in memory for the text', 'use `tandem secret set NAME` instead')
}
