import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deltaOf, type Item, nearestRelease } from './manifest.ts'

const file = (path: string, sha256: string, size = 1, mode = 0o644): Item => ({
  type: 'file',
  path,
  mode,
  size,
  sha256,
})

test('only new and changed items travel, and removed ones go first', () => {
  const have = [file('same', '1'), file('changed', '2'), file('removed', '3'), file('mode', '4')]
  const want = [file('same', '1'), file('changed', '5'), file('added', '6'), file('mode', '4', 1, 0o755)]
  const { wanted, gone } = deltaOf(have, want)
  assert.deepEqual([...wanted].toSorted(), ['added', 'changed', 'mode'])
  assert.deepEqual(gone, ['removed'])
})

test('a link that leads elsewhere by now and a file that became a folder are changes', () => {
  const have: Item[] = [{ type: 'link', path: 'current', to: 'one' }, file('lib', '1')]
  const want: Item[] = [
    { type: 'link', path: 'current', to: 'two' },
    { type: 'folder', path: 'lib' },
  ]
  const { wanted, gone } = deltaOf(have, want)
  assert.deepEqual([...wanted], ['current', 'lib'])
  assert.deepEqual(gone, ['lib'])
})

test('a folder in which nothing is left goes too', () => {
  const have: Item[] = [file('keep/a', '1'), file('old/deep/b', '2'), { type: 'folder', path: 'empty' }]
  const want = [file('keep/a', '1'), file('keep/more/c', '3')]
  assert.deepEqual(deltaOf(have, want).gone.toSorted(), ['empty', 'old', 'old/deep', 'old/deep/b'])
})

test('the base is the release from which the fewest bytes travel', () => {
  const want = [file('big', '1', 1000), file('small', '2', 10)]
  const bases = new Map([
    ['far', [file('small', '2', 10)]],
    ['near', [file('big', '1', 1000)]],
  ])
  assert.equal(nearestRelease(bases, want), 'near')
  assert.equal(nearestRelease(new Map(), want), null)
})
