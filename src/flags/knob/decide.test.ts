import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BoundState } from '../../api/wire/flags.ts'
import { type Binding, bindingOf } from '../../../sdk/flag/bound.ts'
import { mistakesOfFlag } from '../../../sdk/flag/check-flag.ts'
import type { Bound, Flag, Knob } from '../../../sdk/flag/flag.ts'
import { decide, phaseOf } from './decide.ts'

const shed: Bound = { query: 'p99', above: 800, until: 600, to: 'min', every: '30s' }

function binding(bound: Bound = shed, knob: Knob = { min: 0, max: 100 }): Binding {
  const found = bindingOf({ knob: { ...knob, bound } })
  assert.ok(found)
  return found
}

const untouched: BoundState = { rest: 60, byHand: null, turned: null }
const turnedAt = (at: number): BoundState => ({ ...untouched, turned: { change: 'c1', at, why: '' } })
const minute = 60_000

test('a turn goes towards its end while the measure is beyond, and says its evidence', () => {
  const seen = { binding: binding(), state: untouched, value: 60, since: 0, now: 20_000 }
  assert.deepEqual(decide({ ...seen, measured: 900 }), {
    type: 'turn',
    to: 50,
    why: 'p99 is 900, above 800, seen so for 20 s: turned from 60 to 50',
  })
  const below = binding({ query: 'free', below: 5, to: 'max', every: '30s' })
  const up = decide({ ...seen, binding: below, measured: 4 })
  assert.deepEqual(up.type === 'turn' && up.to, 70)
})

test('what people gave is given back, slowly, and no more than that', () => {
  const seen = { binding: binding(), state: turnedAt(0), measured: 500, since: minute }
  assert.equal(decide({ ...seen, value: 50, now: 3 * minute }).type, 'wait')
  assert.deepEqual(decide({ ...seen, value: 55, now: 4 * minute }), {
    type: 'turn',
    to: 60,
    why: 'p99 is 500, no longer above 600, seen so for 180 s: given back from 55 to 60',
  })
  const whole = decide({ ...seen, value: 60, now: 9 * minute })
  assert.deepEqual(whole, { type: 'wait', why: 'it is where people put it' })
})

test('a turn waits for a number, for people, for its time, and between the thresholds', () => {
  const seen = { binding: binding(), state: untouched, value: 60, measured: 900, since: 0, now: minute }
  const byHand = { change: 'c2', who: 'ada', at: 0 }
  const waits = [
    [{ measured: null }, /no single number/],
    [{ measured: Number.NaN }, /no single number/],
    [{ measured: Infinity }, /no single number/],
    [{ measured: 700 }, /neither ill nor well/],
    [{ value: 0 }, /it is at its min/],
    [{ state: turnedAt(minute - 29_999) }, /a moment ago/],
    [{ state: { ...untouched, byHand }, now: 5 * minute - 1 }, /ada turned it by hand/],
  ] as const
  for (const [other, why] of waits) {
    const decision = decide({ ...seen, ...other })
    assert.equal(decision.type, 'wait', String(why))
    assert.match(decision.why, why)
  }
  assert.equal(decide({ ...seen, state: { ...untouched, byHand }, now: 5 * minute }).type, 'turn')
  assert.equal(decide({ ...seen, state: turnedAt(minute - 30_000) }).type, 'turn')
})

/** Numbers that come again in the same order for the same seed. */
function lots(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
}

test('whatever is measured, a knob stays on its steps and in its bounds and keeps its times', () => {
  for (let seed = 1; seed <= 300; seed += 1) play(lots(seed * 7_919))
})

function play(lot: (below: number) => number): void {
  const step = [undefined, 0.1, 1, 7][lot(4)]
  const knob: Knob = { min: -lot(3), max: 8 + lot(90), ...(step !== undefined && { step }) }
  const given = [{ above: 5, until: 3 }, { below: 5, until: 7 }, { above: 5 }][lot(3)]
  const bound: Bound = { query: 'q', ...given, to: lot(2) === 0 ? 'min' : 'max', every: `${1 + lot(40)}s` }
  const rules = binding(bound, knob)
  const usual = knob.min + (step === undefined ? lot(8) : step * lot(2))
  let [value, state]: [number, BoundState] = [usual, { rest: usual, byHand: null, turned: null }]
  let [since, phase, measured, paused]: [number, string, number | null, number] = [0, '', null, -Infinity]
  for (let now = 0, nth = 0; nth < 200; nth += 1, now += 500 + lot(20_000)) {
    if (lot(4) === 0) measured = [null, Number.NaN, lot(11), lot(11)][lot(4)] ?? null
    const found = phaseOf(rules, measured)
    if (found !== phase) [phase, since] = [found, now]
    if (lot(40) === 0) {
      state = { ...state, rest: usual, byHand: { change: 'c1', who: 'ada', at: now } }
      ;[value, paused] = [usual, now + rules.pauseMs]
    }
    const decision = decide({ binding: rules, state, value, measured, since, now })
    if (decision.type === 'wait') continue
    const { to } = decision
    assert.ok(found === 'beyond' || found === 'well')
    assert.ok(now >= paused, 'a person is not heeded')
    assert.ok(now - (state.turned?.at ?? -Infinity) >= rules.everyMs, 'two turns within every')
    assert.ok(Math.abs(to - value) <= rules.by + 1e-9 && to !== value)
    const flag: Flag = { type: 'number', on: true, variants: { a: to }, default: 'a', off: 'a', knob }
    assert.deepEqual(mistakesOfFlag(flag), [])
    ;[value, state] = [to, { ...state, turned: { change: 'c2', at: now, why: '' } }]
  }
}
