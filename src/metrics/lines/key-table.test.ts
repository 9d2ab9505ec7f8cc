import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seeded } from '../../../lab/random.ts'
import { KeyTable } from './key-table.ts'

/** A key of a name, a letter and tags, somewhere in the middle of other bytes. */
function keyed(name: string, kind: string, tags: string) {
  const bytes = Buffer.from(`??${name}:1|${kind}|#${tags}??`)
  const tagsFrom = bytes.length - 2 - Buffer.byteLength(tags)
  const to = 2 + Buffer.byteLength(name)
  return { bytes, key: { from: 2, to, kind: kind.charCodeAt(0), tagsFrom, tagsTo: bytes.length - 2 } }
}

test('keys are told apart wherever their pieces are cut', () => {
  const table = new KeyTable()
  const all = [
    keyed('ab', 'c', ''),
    keyed('a', 'c', 'b'),
    keyed('', 'c', 'ab'),
    keyed('ab', 'g', ''),
    keyed('a', 'b', 'c'),
  ]
  all.forEach(({ bytes, key }, value) => {
    assert.equal(table.find(bytes, key), -1)
    table.add(bytes, key, value)
  })
  assert.deepEqual(
    all.map(({ bytes, key }) => table.find(bytes, key)),
    [0, 1, 2, 3, 4],
  )
  assert.equal(table.size, 5)
})

test('thousands of keys are found, and those alone that were kept', (t) => {
  const random = seeded(Number(process.env['TANDEM_SEED'] ?? Date.now() % 1_000_000))
  t.diagnostic(`TANDEM_SEED=${random.seed}`)
  const table = new KeyTable()
  const known = new Map<string, number>()
  for (let trial = 0; trial < 20_000; trial += 1) {
    const [name, kind, tags] = [
      `n${random.between(0, 3000)}`,
      random.pick(['c', 'g']),
      `t:${random.between(0, 3)}`,
    ]
    const { bytes, key } = keyed(name, kind, tags)
    const text = `${name} ${kind} ${tags}`
    assert.equal(table.find(bytes, key), known.get(text) ?? -1, `${text}, TANDEM_SEED=${random.seed}`)
    if (known.has(text)) continue
    known.set(text, trial)
    table.add(bytes, key, trial)
    if (trial % 5_000 !== 0) continue
    table.keep((value) => value % 3 !== 0)
    for (const [each, value] of known) if (value % 3 === 0) known.delete(each)
  }
  assert.ok(known.size > 5_000)
  assert.equal(table.size, known.size)
})
