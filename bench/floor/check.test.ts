import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import type { Wish } from '../wishes/wish.ts'
import { checkText } from './check.ts'

const { username } = userInfo()

function place(t: TestContext): Readonly<{ folder: string; wishes: readonly Wish[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-check-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'in'))
  chmodSync(join(folder, 'in'), 0o750)
  writeFileSync(join(folder, 'in/file'), 'on\n', { mode: 0o640 })
  const group = spawnSync('id', ['-gn'], { encoding: 'utf8' }).stdout.trim()
  chownSync(join(folder, 'in'), process.getuid?.() ?? 0, process.getgid?.() ?? 0)
  const access = { owner: username, group }
  const wishes: readonly Wish[] = [
    { sort: 'directory', path: join(folder, 'in'), ...access, mode: 0o750 },
    { sort: 'file', path: join(folder, 'in/file'), text: 'on\n', ...access, mode: 0o640 },
    { sort: 'user', name: 'root', home: '/root', loginShell: '/bin/bash' },
  ]
  return { folder, wishes }
}

const check = (wishes: readonly Wish[]): string =>
  spawnSync('sh', ['-s'], { input: checkText(wishes), encoding: 'utf8' }).stdout

describe('the check by hand', () => {
  it('finds all the same', (t) => {
    assert.equal(check(place(t).wishes), 'same\n')
  })

  const alterations: readonly (readonly [string, string, (folder: string) => void])[] = [
    ['another byte', ' bytes\n', (folder) => writeFileSync(join(folder, 'in/file'), 'of\n')],
    ['another mode', ' paths\n', (folder) => chmodSync(join(folder, 'in/file'), 0o644)],
    ['a file that is gone', ' paths bytes\n', (folder) => rmSync(join(folder, 'in/file'))],
  ]
  for (const [name, said, alter] of alterations) {
    it(`finds ${name}`, (t) => {
      const { folder, wishes } = place(t)
      alter(folder)
      assert.equal(check(wishes), said)
    })
  }

  it('finds a user that is not there', () => {
    assert.equal(
      check([{ sort: 'user', name: 'no-such-user', home: '/', loginShell: '/bin/sh' }]),
      ' users\n',
    )
  })
})
