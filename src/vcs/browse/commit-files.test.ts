import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { commitFiles } from './commit-files.ts'

test('the files of a commit are read by one git, whatever is in them', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'commit-files-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', dir, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { stdio: 'pipe' })
  git('init', '-q')
  mkdirSync(join(dir, 'a b'))
  writeFileSync(join(dir, 'a b', 'ü\n.txt'), 'blob 7\nand on\n')
  writeFileSync(join(dir, 'empty'), '')
  writeFileSync(join(dir, 'large'), 'x'.repeat(300_000))
  writeFileSync(join(dir, 'too-large'), 'x'.repeat(300_001))
  writeFileSync(join(dir, 'left'), 'no')
  symlinkSync('/etc/passwd', join(dir, 'link'))
  git('add', '-A')
  git('commit', '-qm', 'all')
  const found: Record<string, string> = {}
  for await (const file of commitFiles(dir, 'HEAD', {
    mostBytes: 300_000,
    leaves: (path) => path === 'left',
  }))
    found[file.path] = 'text' in file ? `${file.text.length} ${file.text.slice(0, 8)}` : file.why
  assert.deepEqual(found, {
    'too-large': 'it has 300001 bytes',
    'a b/ü\n.txt': '14 blob 7\na',
    empty: '0 ',
    large: '300000 xxxxxxxx',
  })
  for await (const _ of commitFiles(dir, 'HEAD', { mostBytes: 300_000, leaves: () => false })) break
})
