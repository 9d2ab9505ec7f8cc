import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aChange } from '../dev-hub/sample.ts'
import { factRows } from './fact-words.ts'
import { kindWords } from './kind-words.ts'
import { lookOf } from './status-words.ts'

const apply = aChange({
  kind: 'apply',
  does: 'recipes',
  target: 'infra',
  title: 'apply to web1: 1 to make',
  status: 'done',
})
const note = { ...apply, does: 'note', title: 'drift on web1: file /etc/motd' } as const

test('a command, drift and an apply are told apart, though all are of one kind', () => {
  assert.equal(kindWords(apply), 'apply')
  assert.equal(kindWords(note), 'drift')
  assert.equal(kindWords({ ...apply, does: 'run' }), 'run')
  assert.equal(kindWords({ ...apply, does: 'undo' }), 'apply')
  assert.equal(kindWords(aChange()), 'deploy')
  assert.equal(kindWords(aChange({ kind: 'bake' })), 'bake')
})

test('drift that is written down was found, not done', () => {
  assert.equal(lookOf(note), 'found')
  assert.equal(lookOf(apply), 'done')
  assert.equal(lookOf({ ...note, status: 'refused' }), 'refused')
})

test('facts are read in the order of people, and one that nobody has named is shown as it is', () => {
  const rows = factRows({
    os: 'debian',
    version: '12',
    codename: '',
    cpus: 4,
    memoryMb: 7_944,
    addresses: ['10.0.0.1', 'fd00::1'],
    other: { deep: true },
    none: null,
  })
  assert.deepEqual(
    rows.map(({ name, value }) => `${name}: ${value}`),
    [
      'system: debian 12',
      'processors: 4',
      'memory: 7.8 GB',
      'addresses: 10.0.0.1, fd00::1',
      'other: {"deep":true}',
    ],
  )
})
