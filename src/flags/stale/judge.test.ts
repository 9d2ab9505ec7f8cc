import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EnvironmentUse, FlagUse } from '../../api/wire/flag-use.ts'
import type { FlagView } from '../../api/wire/flags.ts'
import type { Flag } from '../../../sdk/flag/flag.ts'
import { judge, whyText } from './judge.ts'

const day = 86_400_000
const now = Date.UTC(2026, 10, 27)
const flag: Flag = {
  type: 'boolean',
  on: true,
  variants: { on: true, off: false },
  default: 'off',
  off: 'off',
}

function viewOf(about: Flag['about'] = {}, daysOld = 100, more: Partial<Flag> = {}): FlagView {
  return {
    key: 'f',
    rev: '1',
    change: 'c1',
    who: 'ada',
    at: now - daysOld * day,
    flag: { ...flag, ...more, about },
  }
}

function whyOf(view: FlagView, use: Partial<FlagUse>, around: Partial<EnvironmentUse> = {}) {
  const flags = [{ flag: 'f', lastAt: now, day: [], same: null, ...use }]
  const all: EnvironmentUse = {
    environment: 'production',
    since: now - 60 * day,
    bulkAt: null,
    flags,
    ...around,
  }
  const { stale, doubts } = judge([view], all, { now, days: 14 })
  return { why: stale.flatMap(({ why }) => why.map(whyText)), doubts }
}

test('a flag is stale when nobody asks, when it always says the same, and when its day has come', () => {
  const cases: readonly [string, FlagView, Partial<FlagUse>, readonly string[]][] = [
    ['asked for and various', viewOf(), {}, []],
    ['never asked for', viewOf(), { lastAt: null }, ['not asked for since 2026-09-28']],
    ['not lately', viewOf(), { lastAt: now - 20 * day }, ['not asked for since 2026-11-07']],
    ['one answer', viewOf(), { same: { variant: 'on', at: now - 30 * day } }, ['always on since 2026-10-28']],
    ['one answer for a week', viewOf(), { same: { variant: 'on', at: now - 7 * day } }, []],
    ['young', viewOf({}, 3), { lastAt: null, same: { variant: 'on', at: now - 30 * day } }, []],
    ['meant to stay', viewOf({ tags: ['permanent'] }), { lastAt: null }, []],
    ['a knob', viewOf({}, 100, { knob: { min: 0, max: 9 } }), { same: { variant: 'usual', at: 0 } }, []],
    ['expired', viewOf({ expires: '2026-11-01', tags: ['permanent'] }), {}, ['was to be gone by 2026-11-01']],
    ['not expired', viewOf({ expires: '2026-12-01' }), {}, []],
  ]
  for (const [says, view, use, expected] of cases) assert.deepEqual(whyOf(view, use).why, expected, says)
})

test('what is not known yet is no reason, and is told', () => {
  const young = whyOf(viewOf(), { lastAt: null }, { since: now - 2 * day })
  assert.deepEqual(young.why, [])
  assert.deepEqual(young.doubts, [
    'flags are counted since 2026-11-25: which are not asked for can be told from 2026-12-09 on',
  ])
  assert.match(
    whyOf(viewOf(), {}, { bulkAt: now - day }).doubts.join(),
    /^pages were given all flags at once/,
  )
})
