import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { differences, type Leaf, sha256Of, treeOf } from './tree.ts'

/** A host's root with three things in /srv. */
function rootFor(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'tandem-tree-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'etc'))
  mkdirSync(join(root, 'srv/in'), { recursive: true })
  const me = `${process.getuid?.() ?? 0}`
  writeFileSync(join(root, 'etc/passwd'), `me:x:${me}:${me}::/:/bin/sh\n`)
  writeFileSync(join(root, 'etc/group'), `us:x:${process.getgid?.() ?? 0}:\n`)
  writeFileSync(join(root, 'srv/in/file'), Buffer.from([0, 1, 2, 255]), { mode: 0o640 })
  symlinkSync('in/file', join(root, 'srv/link'))
  for (const [path, mode] of [
    ['srv', 0o755],
    ['srv/in', 0o755],
    ['srv/in/file', 0o640],
  ] as const)
    chmodSync(join(root, path), mode)
  return root
}

describe('a tree', () => {
  it('has type, mode, owner, bytes and target of everything beneath its paths', (t) => {
    const access = { owner: 'me', group: 'us' }
    const leaves: [string, Leaf][] = [
      ['/srv', { type: 'directory', mode: 0o755, ...access }],
      ['/srv/in', { type: 'directory', mode: 0o755, ...access }],
      [
        '/srv/in/file',
        { type: 'file', mode: 0o640, ...access, sha256: sha256Of(Buffer.from([0, 1, 2, 255])) },
      ],
      ['/srv/link', { type: 'link', ...access, to: 'in/file' }],
    ]
    assert.deepEqual(treeOf(rootFor(t), ['/srv', '/nowhere']), new Map(leaves))
  })

  const alterations: Readonly<Record<string, (root: string) => void>> = {
    'one flipped bit in a byte': (root) =>
      writeFileSync(join(root, 'srv/in/file'), Buffer.from([0, 1, 3, 255])),
    'one bit of a mode': (root) => chmodSync(join(root, 'srv/in/file'), 0o641),
    'the mode of a folder': (root) => chmodSync(join(root, 'srv/in'), 0o1755),
    'a file more': (root) => writeFileSync(join(root, 'srv/in/.more'), ''),
    'a file less': (root) => rmSync(join(root, 'srv/in/file')),
    'another target of a link': (root) => {
      rmSync(join(root, 'srv/link'))
      symlinkSync('in/./file', join(root, 'srv/link'))
    },
    'a folder where a link was': (root) => {
      rmSync(join(root, 'srv/link'))
      mkdirSync(join(root, 'srv/link'))
    },
    'another name of the owner': (root) =>
      writeFileSync(join(root, 'etc/passwd'), `you:x:${process.getuid?.() ?? 0}:0::/:/bin/sh\n`),
  }
  for (const [name, alter] of Object.entries(alterations)) {
    it(`differs by ${name}`, (t) => {
      const root = rootFor(t)
      const before = treeOf(root, ['/srv'])
      assert.deepEqual(differences(before, treeOf(root, ['/srv'])), [])
      alter(root)
      assert.notDeepEqual(differences(before, treeOf(root, ['/srv'])), [])
    })
  }
})
