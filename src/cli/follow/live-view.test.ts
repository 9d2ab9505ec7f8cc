import assert from 'node:assert/strict'
import { test } from 'node:test'
import { viewOf } from '../../api/views.ts'
import type { Entry } from '../../change/entry.ts'
import { makeFakeWorld } from '../fake-world.ts'
import { liveView } from './live-view.ts'

const order = {
  kind: 'deploy',
  target: 'shop@production',
  wish: {},
  who: 'ada',
  door: 'cli',
  why: '',
  reverts: null,
} as const
const ordered: Entry = { type: 'ordered', order, seq: 1, change: 'c1', at: 0, prev: '', hash: '' }
const withdrawn: Entry = {
  type: 'withdrawn',
  who: 'ada',
  why: '',
  seq: 2,
  change: 'c1',
  at: 9,
  prev: '',
  hash: '',
}

test('a live view draws itself over what it drew before, and leaves its last frame with the end below', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const drawn: string[] = []
  const world = makeFakeWorld({
    draw: (text) => void drawn.push(text),
    screen: () => ({ isTty: true, columns: 60, rows: 24, hasColour: false }),
  })
  const view = liveView(world)
  view.entry(ordered, viewOf([ordered], null))
  t.mock.timers.tick(100)
  t.mock.timers.tick(100)
  assert.equal(drawn[0]?.startsWith('\r\u001b[Jc1 shop@production'), true)
  assert.equal(drawn[1]?.startsWith('\u001b[2A\r\u001b[J'), true)
  view.waits('waits for shop@production')
  t.mock.timers.tick(100)
  t.mock.timers.tick(100)
  assert.equal(drawn[3]?.startsWith('\u001b[3A'), true)
  const entries = [ordered, withdrawn]
  view.entry(withdrawn, viewOf(entries, null))
  view.end(viewOf(entries, null), entries)
  view.close()
  const count = drawn.length
  t.mock.timers.tick(1_000)
  assert.equal(drawn.length, count)
  assert.deepEqual(world.outs, ['c1 was withdrawn: nothing changed (0.0 s)'])
})
