import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { packFolder } from '../artifact/artifact.ts'
import { manifestIn } from '../artifact/read-artifact.ts'
import { clearOut, leavingMs, storedIn } from './clear-out.ts'
import { openArtifact, takeArtifact } from './take.ts'

const day = 24 * 3_600_000

async function shelf(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'tandem-kept-'))
  t.after(() => rm(root, { recursive: true, force: true }))
  const dir = join(root, 'releases')
  await mkdir(dir)
  const make = async (text: string): Promise<string> => {
    const folder = join(root, 'folder')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'file'), text)
    const { id } = await packFolder(folder, dir)
    await writeFile(join(dir, `${id}.intoto.jsonl`), '{}\n')
    return id
  }
  return { dir, make, names: async () => (await readdir(dir)).toSorted() }
}

const nobody = { isNeeded: () => false }

void test('what goes waits an hour under another name, then goes, and a day later all that was said of it', async (t) => {
  const { dir, make, names } = await shelf(t)
  const id = await make('one')
  const now = Date.now()
  await clearOut(dir, [id], { ...nobody, now })
  assert.ok(existsSync(join(dir, `${id}.tar.leaving`)))
  assert.deepEqual(await clearOut(dir, [], { ...nobody, now: now + leavingMs - 1_000 }), [])
  assert.deepEqual(await clearOut(dir, [], { ...nobody, now: now + leavingMs }), [id])
  assert.deepEqual(await names(), [`${id}.intoto.jsonl`, `${id}.json`])
  await clearOut(dir, [], { ...nobody, now: now + leavingMs + 2 * day })
  assert.deepEqual(await names(), [])
})

void test('who takes it while it waits has it back, and so has what needs it by now', async (t) => {
  const { dir, make } = await shelf(t)
  const [one, two] = [await make('one'), await make('two')]
  await clearOut(dir, [one, two], { ...nobody, now: Date.now() })
  assert.equal(await takeArtifact(dir, one), join(dir, `${one}.tar`))
  const later = { isNeeded: (release: string) => release === two, now: Date.now() + 2 * leavingMs }
  assert.deepEqual(await clearOut(dir, [], later), [])
  const { stored, leaving } = await storedIn(dir)
  assert.deepEqual([stored.length, leaving.length], [2, 0])
  assert.equal(await takeArtifact(dir, 'f'.repeat(64)), null)
  assert.equal(await openArtifact(dir, 'f'.repeat(64)), null)
})

void test('what was never finished goes, and nothing that is not ours', async (t) => {
  const { dir, names } = await shelf(t)
  const left = ['part-1-abc.tar', `${'a'.repeat(64)}.intoto.jsonl.7.part`, 'notes.txt']
  for (const name of left) {
    await writeFile(join(dir, name), 'x')
    await utimes(join(dir, name), new Date(Date.now() - 2 * day), new Date(Date.now() - 2 * day))
  }
  await writeFile(join(dir, 'part-2-def.tar'), 'x')
  await clearOut(dir, [], { ...nobody, now: Date.now() })
  assert.deepEqual(await names(), ['notes.txt', 'part-2-def.tar'])
})

void test('two who clear out and are killed again and again take nothing that is needed or was opened', async (t) => {
  const { dir, make } = await shelf(t)
  const needed = await Promise.all(['live', 'before'].map(make))
  const main = join(import.meta.dirname, 'try-clear.ts')
  let opened = 0
  for (let round = 0; round < 6; round += 1) {
    const spare = await Promise.all([0, 1, 2].map((nth) => make(`${round} ${nth}`)))
    // Arguments of ours would have them write where results of tests go.
    const clearing = [1, 2].map(() => fork(main, [dir, ...needed], { stdio: 'ignore', execArgv: [] }))
    await Promise.all(clearing.map((child) => once(child, 'message')))
    const until = Date.now() + 60
    const enough = opened + 4
    while (Date.now() < until || opened < enough)
      for (const id of [...needed, ...spare]) {
        const file = await openArtifact(dir, id)
        if (file === null) continue
        opened += 1
        assert.ok((await file.readFile()).length > 512)
        await file.close()
      }
    await pause(round * 7)
    const ends = clearing.map((child) => once(child, 'exit'))
    for (const child of clearing) child.kill('SIGKILL')
    await Promise.all(ends)
    for (const id of needed) assert.equal((await manifestIn(dir, id)).length, 1)
    const { stored, leaving } = await storedIn(dir)
    for (const { release } of [...stored, ...leaving])
      assert.equal((await manifestIn(dir, release)).length, 1)
  }
  assert.ok(opened > 20)
  await clearOut(dir, [], { ...nobody, now: Date.now() + 2 * leavingMs })
})
