import assert from 'node:assert/strict'
import { test } from 'node:test'
import { paintFor } from '../../words/paint.ts'
import { placeIn } from './place.ts'
import { nextText, visitsText } from './words.ts'

test('visits are counted in one line that says how they failed', () => {
  assert.equal(visitsText({ asked: 60, errors: 0, lost: 0 }), '60 requests came in meanwhile, 0 failed')
  assert.equal(
    visitsText({ asked: 60, errors: 3, lost: 0 }),
    '60 requests came in meanwhile, 3 failed (3 with an error of the app)',
  )
  assert.equal(
    visitsText({ asked: 60, errors: 3, lost: 2 }),
    '60 requests came in meanwhile, 5 failed (3 with an error of the app, 2 without an answer)',
  )
})

test('commands to try are for the folder of the checkout, and none of them names a path of this machine', () => {
  const screen = { isTty: false, columns: Infinity, rows: Infinity, hasColour: false }
  const lines = nextText(placeIn('/home/ada/tandem', '/home/ada/tandem/.tandem/demo/shop'), paintFor(screen))
  const commands = lines.filter((line) => line.startsWith('    '))
  assert.equal(commands.length, 7)
  for (const command of commands) {
    assert.match(command, /\.tandem\/demo\/shop/)
    assert.doesNotMatch(command, /ada/)
  }
})
