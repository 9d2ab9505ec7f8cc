import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { commit, file, folder, type Ground, type Hostile, type Item, main, program, tree } from './ground.ts'

function nested(ground: Ground, depth: number): Item {
  let inner = file(ground, 'f', 'deep\n')
  for (let level = 0; level < depth; level += 1) inner = folder(ground, 'd', [inner])
  return inner
}

const numbered = (nth: number): string => `f${String(nth).padStart(5, '0')}`

/** What is too much of something. */
export const bulk: readonly Hostile[] = [
  {
    name: 'twenty-thousand-files',
    plant: (ground) => {
      const one = file(ground, 'f', 'x\n')
      commit(
        ground,
        Array.from({ length: 20_000 }, (_, nth) => ({ ...one, name: numbered(nth) })),
      )
    },
  },
  { name: 'a-deep-path', plant: (ground) => void commit(ground, [nested(ground, 400)]) },
  { name: 'a-path-deeper-than-allowed', plant: (ground) => void commit(ground, [nested(ground, 3_000)]) },
  {
    name: 'a-blob-of-zeros',
    plant: (ground) => void commit(ground, [file(ground, 'zeros', Buffer.alloc(200_000_000))]),
  },
  {
    name: 'one-long-line',
    plant: (ground) => void commit(ground, [file(ground, 'line.js', 'x'.repeat(900_000))]),
  },
  {
    name: 'many-short-lines',
    plant: (ground) => {
      commit(ground, [file(ground, 'a.txt', 'a\n'.repeat(400_000))])
      const [from, to] = [
        ground.git('rev-parse', main),
        tree(ground, [file(ground, 'a.txt', 'b\n'.repeat(400_000))]),
      ]
      ground.git('update-ref', main, ground.git('commit-tree', to, '-p', from, '-m', 'All lines'))
    },
  },
  {
    name: 'trees-that-multiply',
    plant: (ground) => {
      // Ten names for one folder, eight times over: 10^8 files of one byte.
      let inner: readonly Item[] = [file(ground, 'f', 'x')]
      for (let level = 0; level < 8; level += 1) {
        const hash = tree(ground, inner)
        inner = Array.from({ length: 10 }, (_, nth) => ({ mode: '40000', name: `d${nth}`, hash }))
      }
      const job = program(ground, 'test', '#!/bin/sh\nls d0\n')
      commit(ground, [folder(ground, 'ci', [job]), ...inner])
    },
  },
  {
    name: 'five-thousand-refs',
    plant: (ground) => {
      const head = commit(ground, [file(ground, 'a.txt', 'a\n')])
      const lines = Array.from({ length: 5_000 }, (_, nth) => `${head} refs/heads/b${nth}\n`)
      appendFileSync(
        join(ground.dir, 'packed-refs'),
        `# pack-refs with: peeled fully-peeled \n${lines.toSorted().join('')}`,
      )
    },
  },
  {
    name: 'a-thousand-jobs',
    plant: (ground) => {
      const one = file(
        ground,
        'j',
        '#!/bin/sh\n# tandem: matrix a=1,2,3,4,5,6,7,8,9 b=1,2,3,4,5,6,7,8,9\n',
        '100755',
      )
      const jobs = Array.from({ length: 1_000 }, (_, nth) => ({ ...one, name: numbered(nth) }))
      commit(ground, [folder(ground, 'ci', jobs)])
    },
  },
]
