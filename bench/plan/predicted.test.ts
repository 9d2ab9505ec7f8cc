import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Act, Op } from '../../src/infra/plan/op.ts'
import { differences, type Leaf, type Tree } from '../lib/tree.ts'
import { predicted } from './predicted.ts'

const root = { mode: 0o644, owner: 'root', group: 'root' }
const file: Leaf = { type: 'file', ...root, sha256: 'a' }
const folder: Leaf = { type: 'directory', ...root, mode: 0o755 }
const before: Tree = new Map<string, Leaf>([
  ['/srv', folder],
  ['/srv/file', file],
  ['/srv/in', folder],
  ['/srv/in/file', file],
])

const opOf = (act: Act): Op => ({
  number: 1,
  resource: '',
  at: '',
  key: '',
  act,
  owes: [],
  lockout: null,
  cannotUndo: null,
})
const any = { type: 'any' } as const

describe('what operations predict', () => {
  const write = opOf({
    type: 'write',
    path: '/srv/file',
    from: { type: 'sent', sha256: 'b', size: 1, isSecret: false },
    before: any,
    after: { type: 'file', ...root, sha256: 'b' },
    check: null,
  })

  it('is nothing new without one', () => {
    assert.deepEqual(differences(before, predicted(before, [])), [])
  })

  it('is the bytes that are written, and not those that are not', () => {
    const there = new Map<string, Leaf>(before).set('/srv/file', { ...file, sha256: 'b' })
    assert.deepEqual(differences(there, predicted(before, [write])), [])
    const other = new Map<string, Leaf>(before).set('/srv/file', { ...file, sha256: 'c' })
    assert.equal(differences(other, predicted(before, [write])).length, 1)
  })

  it('takes all that is beneath what is removed', () => {
    const remove = opOf({ type: 'remove', path: '/srv/in', before: any, all: true })
    const left: Tree = new Map<string, Leaf>([
      ['/srv', folder],
      ['/srv/file', file],
    ])
    assert.deepEqual(differences(left, predicted(before, [remove])), [])
  })

  it('keeps what is in a folder whose access is altered', () => {
    const mode = { type: 'directory', mode: 0o700, owner: 'root', group: 'root' } as const
    const access = opOf({ type: 'access', path: '/srv/in', before: any, after: mode })
    const there = new Map<string, Leaf>(before).set('/srv/in', mode)
    assert.deepEqual(differences(there, predicted(before, [access])), [])
  })

  it('does not alter the tree that it begins with', () => {
    predicted(before, [write])
    assert.deepEqual(before.get('/srv/file'), file)
  })
})
