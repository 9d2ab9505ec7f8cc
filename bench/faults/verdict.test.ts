import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Leaf, Tree } from '../lib/tree.ts'
import { strayNames, tornIn } from './verdict.ts'

const file = (sha256: string, mode = 0o644): Leaf => ({
  type: 'file',
  mode,
  owner: 'root',
  group: 'root',
  sha256,
})
const tree = (leaves: Readonly<Record<string, Leaf>>): Tree => new Map(Object.entries(leaves))

const before = tree({ '/srv/a': file('old'), '/srv/b': file('old') })
const after = tree({ '/srv/a': file('new', 0o600), '/srv/b': file('new') })

describe('a struck host', () => {
  it('may be all old, all new, or on its way', () => {
    assert.deepEqual(tornIn({ before, struck: before, after }, 'undone'), [])
    assert.deepEqual(tornIn({ before, struck: after, after }, 'done'), [])
    const half = tree({ '/srv/a': file('new', 0o600), '/srv/b': file('old') })
    assert.deepEqual(tornIn({ before, struck: half, after }, 'stuck'), [])
  })

  const torn: Readonly<Record<string, readonly [Tree, string]>> = {
    'half a file': [tree({ '/srv/a': file('ne'), '/srv/b': file('old') }), 'stuck'],
    'new bytes with the old mode': [tree({ '/srv/a': file('new'), '/srv/b': file('old') }), 'stuck'],
    'a file that neither had': [
      tree({ '/srv/a': file('old'), '/srv/b': file('old'), '/srv/c': file('') }),
      'stuck',
    ],
    'a file that is gone': [tree({ '/srv/a': file('old') }), 'stuck'],
    'a done change that is half done': [
      tree({ '/srv/a': file('new', 0o600), '/srv/b': file('old') }),
      'done',
    ],
    'an undone change of which something stays': [
      tree({ '/srv/a': file('old'), '/srv/b': file('new') }),
      'undone',
    ],
  }
  for (const [name, [struck, status]] of Object.entries(torn))
    it(`is torn with ${name}`, () => assert.equal(tornIn({ before, struck, after }, status).length, 1))
})

describe('stray names', () => {
  it('are temporary ones anywhere, and all that nobody wished for in the folder', () => {
    const seen = tree({
      '/etc/.tandem-x1': file(''),
      '/etc/x.dpkg-new': file(''),
      '/etc/hosts': file(''),
      '/srv/a': file(''),
      '/srv/other': file(''),
    })
    const found = strayNames(seen, new Set(['/srv/a']), '/srv')
    assert.deepEqual(found, ['/etc/.tandem-x1', '/etc/x.dpkg-new', '/srv/other'])
  })
})
