import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { seeded } from '../../lab/random.ts'
import { drawCase } from './cases.ts'

const cases = Array.from({ length: 400 }, (_, nth) => drawCase(seeded(nth), nth))

describe('cases', () => {
  it('are the same for the same seed, and others for another', () => {
    assert.deepEqual(drawCase(seeded(7), 1), drawCase(seeded(7), 1))
    assert.notDeepEqual(drawCase(seeded(7), 1).wishes, drawCase(seeded(8), 1).wishes)
  })

  it('wish for all sorts that have to do with files and users, on fresh and on old trees', () => {
    const sorts = new Set(cases.flatMap(({ wishes }) => wishes.map(({ sort }) => sort)))
    const wanted = ['absent', 'block', 'directory', 'file', 'line', 'link', 'template', 'user']
    assert.deepEqual([...sorts].toSorted(), wanted)
    assert.ok(cases.some(({ old }) => old.length === 0) && cases.some(({ old }) => old.length > 0))
    assert.ok(cases.some(({ hasPeer }) => !hasPeer))
  })

  it('stay in a folder of their own, in an order in which each folder is there first', () => {
    for (const { root, old, wishes } of cases) {
      const there = new Set(['/srv', ...old.flatMap((one) => (one.type === 'directory' ? [one.path] : []))])
      for (const wish of wishes) {
        const path = wish.sort === 'user' ? wish.home : 'path' in wish ? wish.path : ''
        assert.ok(`${path}/`.startsWith(`${root}/`), path)
        assert.ok(there.has(path.slice(0, path.lastIndexOf('/'))), path)
        if (wish.sort === 'directory' || wish.sort === 'user') there.add(path)
      }
    }
  })

  it('wish for no path twice, but for edits of one file', () => {
    for (const { wishes } of cases) {
      const owned = wishes.flatMap((wish) =>
        'path' in wish && wish.sort !== 'line' && wish.sort !== 'block' ? [wish.path] : [],
      )
      assert.equal(new Set(owned).size, owned.length)
    }
  })
})
