import assert from 'node:assert/strict'
import { mkdtemp, mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { areUnwritten, openFiles } from './repo-files.ts'

const at = { file: 'recipes/web.ts', line: 3, column: 5 }

async function projectIn(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-files-'))
  t.after(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'project', 'recipes'), { recursive: true })
  await writeFile(join(folder, 'project', 'recipes', 'motd'), 'hello\n')
  await writeFile(join(folder, 'outside'), 'not ours\n')
  return join(folder, 'project')
}

test('a file is found beside the recipe that names it', async (t) => {
  const files = openFiles(await projectIn(t))
  assert.equal(Buffer.from(await files.bytesOf('motd', at)).toString(), 'hello\n')
})

test('what was read is known to be unwritten until somebody writes it', async (t) => {
  const project = await projectIn(t)
  const files = openFiles(project)
  await files.bytesOf('motd', at)
  assert.equal(await areUnwritten(files.read()), true)
  await writeFile(join(project, 'recipes', 'motd'), 'other\n')
  await utimes(join(project, 'recipes', 'motd'), 1, 1)
  assert.equal(await areUnwritten(files.read()), false)
})

test('nothing outside the project is sent, not by its path and not by a link', async (t) => {
  const project = await projectIn(t)
  await symlink(join(project, '..', 'outside'), join(project, 'recipes', 'link'))
  for (const path of ['../../outside', 'link']) {
    await assert.rejects(openFiles(project).bytesOf(path, at), {
      message: `${path} lies outside the folder of tandem.ts`,
    })
  }
})

test('a file that is not there is a mistake at the place that names it', async (t) => {
  const files = openFiles(await projectIn(t))
  await assert.rejects(files.bytesOf('nothing', at), {
    name: 'TroubleError',
    message: 'recipes/nothing cannot be read',
  })
})
