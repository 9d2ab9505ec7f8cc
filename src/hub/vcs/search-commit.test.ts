import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { searchCommit } from './search-commit.ts'

test('a commit is searched as it was pushed, without what others wrote', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'search-commit-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', dir, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { stdio: 'pipe' })
  git('init', '-q')
  mkdirSync(join(dir, 'vendor'))
  writeFileSync(
    join(dir, 'cart.ts'),
    "export const isNew = (): boolean => flags.boolean('new-cart', false)\n",
  )
  writeFileSync(join(dir, 'views.py'), 'client.get_boolean_value("new-cart", False)\n')
  writeFileSync(join(dir, 'vendor', 'other.js'), "flags.boolean('new-cart', false)\n")
  writeFileSync(join(dir, 'dump.sql'), "'new-cart'".repeat(200_000))
  git('add', '-A')
  git('commit', '-qm', 'all')
  writeFileSync(join(dir, 'cart.ts'), '')
  const found = await searchCommit(dir, 'HEAD', { where: 'shop at 1234567', flags: ['new-cart', 'search'] })
  assert.deepEqual(
    found.places.map(({ path, line, column, how }) => `${path}:${line}:${column} ${how}`),
    ['cart.ts:1:51 asked', 'views.py:1:26 text'],
  )
  assert.deepEqual(found.leftOut, [{ path: 'dump.sql', why: 'it has 2000000 bytes' }])
  assert.equal(found.files, 2)
})
