import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { run } from './run.ts'
import { makeSampleRepo } from './sample-repo.ts'

test('a sample repository has the size asked for, the same ids each time, and takes one-file changes', async (t) => {
  if ((await run(['which', 'git'])).code !== 0) return t.skip('git is not installed')
  const folder = await mkdtemp(join(tmpdir(), 'tandem-repo-'))
  const make = (name: string) => makeSampleRepo({ folder: join(folder, name), files: 7, bytes: 10_000 })
  const [one, two] = [await make('one'), await make('two')]
  assert.equal(await one.head(), await two.head())
  const listed = await run(['git', '-C', one.folder, 'ls-tree', '-r', '-l', 'HEAD', 'filler/'])
  const sizes = listed.stdout
    .trim()
    .split('\n')
    .map((line) => Number(line.split(/\s+/)[3]))
  assert.equal(sizes.length, 7)
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    10_000,
  )
  await one.commit({ 'mode.txt': 'errors\n' })
  const changed = await run(['git', '-C', one.folder, 'diff', '--name-only', 'HEAD~1'])
  assert.equal(changed.stdout, 'mode.txt\n')
  await rm(folder, { recursive: true })
})
