import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Happening } from '../change/entry.ts'
import type { Aside, Occurrence, Written } from '../change/occurrence.ts'
import { canonical } from '../change/canonical.ts'
import { asideLink, entryOf, genesis, type Head, type Link, link, numberOf, writtenOf } from './chain.ts'

const written: readonly Readonly<{ value: unknown; text: string }>[] = [
  { value: { b: 1, a: { d: null, c: [true, 'x'] } }, text: '{"a":{"c":[true,"x"],"d":null},"b":1}' },
  { value: { 10: 'ten', 9: 'nine' }, text: '{"10":"ten","9":"nine"}' },
  { value: { é: 1, z: 2, '\u{1f600}': 3, '\uffff': 4 }, text: '{"z":2,"é":1,"\u{1f600}":3,"\uffff":4}' },
  { value: { gone: undefined, kept: 0 }, text: '{"kept":0}' },
  { value: [undefined, 1], text: '[null,1]' },
  { value: [1e21, 1e-7, -0, 0.1], text: '[1e+21,1e-7,0,0.1]' },
  { value: 'quote " slash / \u2028 tab \t \ud800', text: '"quote \\" slash / \u2028 tab \\t \\ud800"' },
  { value: {}, text: '{}' },
]

for (const { value, text } of written) {
  test(`writes ${text} in one way only`, () => assert.equal(canonical(value), text))
}

test('refuses what JSON cannot say', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, () => 1, 1n]) {
    assert.throws(() => canonical({ deep: [value] }), `${String(value)} should be refused`)
  }
})

test('reads the number out of an id and out of nothing else', () => {
  assert.equal(numberOf('c12'), 12)
  for (const wrong of ['c0', 'c', 'c01', '12', 'C1', 'c1 ', 'c-1', 'c1e3', ''])
    assert.equal(numberOf(wrong), null)
})

test('gives an entry back as it was', () => {
  const happening: Happening = { type: 'note', text: 'ünïcode \u0000 \ud83d' }
  const made = link({ seq: 4, hash: genesis }, 3, 17, happening)
  assert.deepEqual(entryOf(made), {
    ...happening,
    seq: 5,
    change: 'c3',
    at: 17,
    prev: genesis,
    hash: made.hash,
  })
})

/** The page's example: each entry is a block of three lines. */
type Example = Readonly<{ prev: string; line: string; hash: string }>

async function examplesOf(page: string): Promise<readonly Example[]> {
  const text = await readFile(new URL(`../../docs/formats/${page}`, import.meta.url), 'utf8')
  const blocks = text.matchAll(/^ {4}prev {2}(\w+)\n {4}line {2}(.+)\n {4}hash {2}(\w+)$/gm)
  return [...blocks].map(([, prev = '', line = '', hash = '']) => ({ prev, line, hash }))
}

function madeAgain(head: Head, written: Written): Link {
  const { seq: _seq, prev: _prev, hash: _hash, at, ...rest } = written
  if (rest.change !== null) {
    const { change, ...happening } = rest
    return link(head, numberOf(change) ?? 0, at, happening as Happening)
  }
  const { change: _change, about, ...occurrence } = rest as Omit<Aside, 'seq' | 'prev' | 'hash' | 'at'>
  return asideLink(head, about, at, occurrence as Occurrence)
}

test('writes the bytes that docs/formats/ledger.md shows', async () => {
  const examples = await examplesOf('ledger.md')
  assert.equal(examples.length, 4)
  let head: Head = { seq: 0, hash: genesis }
  for (const example of examples) {
    const made = madeAgain(head, writtenOf(example))
    assert.deepEqual({ prev: made.prev, line: made.line, hash: made.hash }, example)
    head = made
  }
})
