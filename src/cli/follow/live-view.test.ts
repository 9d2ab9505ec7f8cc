import assert from 'node:assert/strict'
import { test } from 'node:test'
import { viewOf } from '../../api/changes/views.ts'
import { sampleEntries, sampleOrder } from '../../change/samples.ts'
import { makeFakeWorld } from '../fake-world.ts'
import { liveView } from './live-view.ts'

const entries = sampleEntries([
  { type: 'ordered', order: { ...sampleOrder, why: '' } },
  { type: 'withdrawn', who: 'ada', why: '' },
])

test('a live view draws itself over what it drew before, and leaves its last frame with the end below', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const drawn: string[] = []
  const world = makeFakeWorld({
    draw: (text) => void drawn.push(text),
    screen: () => ({ isTty: true, columns: 60, rows: 24, hasColour: false }),
  })
  const view = liveView(world)
  const [ordered, withdrawn] = entries
  if (ordered === undefined || withdrawn === undefined) return assert.fail('two things happened')
  view.entry(ordered, viewOf([ordered], null))
  t.mock.timers.tick(100)
  t.mock.timers.tick(100)
  assert.equal(drawn[0]?.startsWith('\r\u001b[Jc1 shop@production'), true)
  assert.equal(drawn[1]?.startsWith('\u001b[2A\r\u001b[J'), true)
  view.waits('waits for shop@production')
  t.mock.timers.tick(100)
  t.mock.timers.tick(100)
  assert.equal(drawn[3]?.startsWith('\u001b[3A'), true)
  view.entry(withdrawn, viewOf(entries, null))
  view.end(viewOf(entries, null), entries)
  view.close()
  const count = drawn.length
  t.mock.timers.tick(1_000)
  assert.equal(drawn.length, count)
  assert.deepEqual(world.outs, ['c1 was withdrawn: nothing changed (1.0 s)'])
})
