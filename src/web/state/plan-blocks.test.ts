import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlanLine } from '../../change/plan.ts'
import { blocksOf, tallyOf } from './plan-blocks.ts'

const line = (text: string): PlanLine => ({ mark: text[0] as PlanLine['mark'], text: text.slice(1) })
const blocks = (...texts: readonly string[]) => blocksOf(texts.map(line))

test('the lines of an apply stand under their resource, and the resources under their hosts', () => {
  const read = blocks(
    ' web1-web6, web8:',
    '~  file /etc/motd (tandem.ts:14:3)',
    '-      old',
    '+        indented:',
    ' web9:',
    '~  command touch (it) (tandem.ts:3:1)',
    '       cannot be undone: it has no `undo`',
    ' 2 to alter on 8 hosts; 3 are as they should be',
  )
  assert.deepEqual(read, [
    { type: 'hosts', names: 'web1-web6, web8' },
    {
      type: 'thing',
      head: line('~file /etc/motd'),
      at: 'tandem.ts:14:3',
      inside: [line('-old'), line('+  indented:')],
      lasting: null,
    },
    { type: 'hosts', names: 'web9' },
    {
      type: 'thing',
      head: line('~command touch (it)'),
      at: 'tandem.ts:3:1',
      inside: [],
      lasting: 'it has no `undo`',
    },
    {
      type: 'thing',
      head: line(' 2 to alter on 8 hosts; 3 are as they should be'),
      at: null,
      inside: [],
      lasting: null,
    },
  ])
})

test('the evidence of a note stands under what was found', () => {
  const [found] = blocks('~web2  file /etc/motd', '     2026-11-23 06:41 /etc/motd')
  assert.deepEqual(found?.type === 'thing' && [found.head.text, found.inside], [
    'web2  file /etc/motd',
    [line(' 2026-11-23 06:41 /etc/motd')],
  ])
})

test('the lines of a deploy stay as they are', () => {
  const texts = ['~shop in production: 3f2 → 9c1', '+release 9c1 (212 files)', ' web1: has it already']
  assert.deepEqual(
    blocks(...texts).map((block) => block.type === 'thing' && block.head),
    texts.map(line),
  )
})

test('what is folded says how much comes and goes', () => {
  assert.equal(tallyOf(['+a', '+b', '-c', ' d'].map(line)), '4 lines (+2 −1)')
  assert.equal(tallyOf([' a', '~b'].map(line)), '2 lines')
})
