import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { lockFolder } from './lock.ts'

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-lock-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

test('a folder has one holder at a time, also within one process', async (t) => {
  const folder = await folderOf(t)
  const first = lockFolder(folder)
  assert.ok(first !== null)
  assert.equal(lockFolder(folder), null)
  first.release()
  const second = lockFolder(folder)
  assert.ok(second !== null)
  second.release()
})

test('a process that was killed holds nothing any more', async (t) => {
  const folder = await folderOf(t)
  const program = `const { lockFolder } = await import(${JSON.stringify(import.meta.resolve('./lock.ts'))})
    if (lockFolder(${JSON.stringify(folder)}) !== null) console.log('held')
    setInterval(() => {}, 1000)`
  const other = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(other.stdout, 'data')
  assert.equal(lockFolder(folder), null)
  other.kill('SIGKILL')
  await once(other, 'exit')
  const mine = lockFolder(folder)
  assert.ok(mine !== null)
  mine.release()
})
