import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { GrowingFile } from './growing-file.ts'
import { numberedPath, numbersIn } from './numbered.ts'
import { readAt } from './read-at.ts'

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-segments-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('files are found by what they are called and in the order of their numbers, and no others', (t) => {
  const folder = folderOf(t)
  const others = ['wal-1', 'wal-000000010', 'wal-0000000x', 'far-00000007', 'wal-00000003.tmp']
  for (const name of others) writeFileSync(join(folder, name), '')
  for (const number of [10, 2]) writeFileSync(numberedPath(folder, 'wal', number), '')
  assert.deepEqual(numbersIn(folder, 'wal'), [2, 10])
})

test('bytes are read from a place on, and no more than there are', (t) => {
  const path = join(folderOf(t), 'a')
  writeFileSync(path, 'abcdef')
  const file = openSync(path, 'r')
  t.after(() => closeSync(file))
  assert.equal(readAt(file, 2, 3).toString(), 'cde')
  assert.equal(readAt(file, 4, 9).toString(), 'ef')
  assert.equal(readAt(file, 7, 1).length, 0)
})

test('a file grows by what is appended, and counts it', async (t) => {
  const path = join(folderOf(t), 'a')
  const file = new GrowingFile(path)
  file.append(Buffer.from('abc'))
  file.append(Buffer.from('de'))
  await file.sync()
  assert.equal(file.bytes, 5)
  file.close()
  assert.equal(readFileSync(path, 'utf8'), 'abcde')
})

test('what could not be brought to the disk is tried again by the next sync', async (t) => {
  const skip = process.platform === 'linux' ? false : 'only Linux has a /dev/null that refuses to be synced'
  await t.test('of /dev/null', { skip }, async () => {
    const file = new GrowingFile('/dev/null')
    await file.sync()
    file.append(Buffer.from('abc'))
    await assert.rejects(file.sync(), { code: 'EINVAL' })
    await assert.rejects(file.sync(), { code: 'EINVAL' })
  })
})
