import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { seeded, type Random } from '../../lab/random.ts'
import { mistakesOfSet } from '../flag/check-set.ts'
import type { Condition, Context, Flag, FlagSet, Rule } from '../flag/flag.ts'
import { flagsOf } from '../flags.ts'
import { Table } from './table.ts'

const onOff = {
  type: 'boolean',
  on: true,
  variants: { on: true, off: false },
  default: 'off',
  off: 'off',
} as const

function rollout(weight: number, of = 100): Flag {
  return {
    ...onOff,
    rules: [{ id: 'r1', share: { hash: 'tandem-1', salt: 'r1:', weight, of }, serve: 'on' }],
  }
}

const people = Array.from({ length: 5000 }, (_, at) => ({ targetingKey: `żółw-${at}` }))

/** Who gets it at this share. */
function reached(weight: number, of?: number): ReadonlySet<string> {
  const flags = flagsOf({ flags: { a: rollout(weight, of) }, segments: {} })
  return new Set(
    people.filter((person) => flags.boolean('a', false, person)).map(({ targetingKey }) => targetingKey),
  )
}

describe('a rollout', () => {
  it('drops nobody when it grows, and reaches the same people when it shrinks and grows back', () => {
    let before = reached(0)
    assert.equal(before.size, 0)
    for (const weight of [1, 2, 5, 10, 33, 50, 99, 100]) {
      const now = reached(weight)
      for (const person of before) assert.ok(now.has(person), `${person} was dropped at ${weight} %`)
      before = now
    }
    assert.equal(before.size, people.length)
    assert.deepEqual(reached(10), reached(10))
    assert.deepEqual(reached(10), reached(100, 1000))
  })
})

function drawCondition(random: Random, depth: number): Condition {
  const inner = (): Condition => drawCondition(random, depth - 1)
  if (depth > 0 && random.next() < 0.5)
    return random.pick<() => Condition>([
      () => ({ all: [inner(), inner()] }),
      () => ({ any: [inner(), inner(), inner()] }),
      () => ({ not: inner() }),
    ])()
  return random.pick<Condition>([
    { segment: 'beta' },
    { flag: 'parent', serves: ['on'] },
    { attribute: 'country', op: 'in', value: ['DE', 'FR'] },
    { attribute: 'email', op: 'ends-with', value: 'org' },
    { attribute: 'age', op: 'at-least', value: 40 },
    { attribute: 'app.version', op: 'version', value: '^2' },
  ])
}

function drawRule(random: Random, at: number): Rule {
  const draw = {
    hash: random.pick(['tandem-1', 'flagd-v2', 'unleash', 'gb-1', 'gb-2'] as const),
    salt: `r${at}:`,
  }
  const split = {
    ...draw,
    of: 4,
    arms: [
      { variant: 'on', weight: 1 },
      { variant: null, weight: 2 },
      { variant: 'off', weight: 1 },
    ],
  }
  return {
    id: `r${at}`,
    ...(random.next() < 0.7 && { when: drawCondition(random, 2) }),
    ...(random.next() < 0.5 && {
      share: { ...draw, salt: `s${at}:`, weight: random.between(0, 10), of: 10 },
    }),
    serve: random.pick(['on', split]),
  }
}

function drawFlag(random: Random): Flag {
  return {
    ...onOff,
    on: random.next() < 0.9,
    ...(random.next() < 0.3 && { requires: [{ flag: 'parent', serves: ['on'] }] }),
    rules: Array.from({ length: random.between(0, 4) }, (_, at) => drawRule(random, at)),
  }
}

function drawContext(random: Random): Context {
  return {
    ...(random.next() < 0.9 && { targetingKey: `user-${random.between(0, 1000)}` }),
    country: random.pick(['DE', 'FR', 'US', null]),
    email: random.pick(['a@example.org', 'b@example.com']),
    age: random.between(20, 60),
    app: { version: random.pick(['1.0', '2.3.4', '3']) },
  }
}

describe('explain', () => {
  it('names the rule that decided, for flags and people of all kinds', () => {
    const random = seeded(3)
    let decided = 0
    for (let round = 0; round < 800; round += 1) {
      const set: FlagSet = {
        flags: { a: drawFlag(random), parent: rollout(50) },
        segments: { beta: { include: ['user-7'], when: { attribute: 'age', op: 'below', value: 30 } } },
      }
      const flags = flagsOf(set)
      assert.deepEqual(mistakesOfSet(set), [])
      for (let each = 0; each < 10; each += 1) {
        const context = drawContext(random)
        const { resolution, rules, requires } = flags.explain('a', context)
        const by = rules.find((rule) => rule.decided)?.id
        assert.equal(resolution.rule, by, JSON.stringify({ set, context }))
        const isOff = !set.flags['a']?.on || requires.some(({ holds }) => !holds)
        assert.equal(resolution.reason === 'DISABLED', isOff)
        assert.equal(flags.boolean('a', false, context), resolution.value)
        if (by !== undefined) decided += 1
      }
    }
    assert.ok(decided > 2000 && decided < 7000, `${decided} of 8000 were decided by a rule`)
  })

  it('says in lines what was asked, and counts nothing', () => {
    const flags = flagsOf({
      flags: {
        a: {
          ...onOff,
          requires: [{ flag: 'parent', serves: ['on'] }],
          rules: [
            {
              id: 'de',
              name: 'Germany',
              when: { attribute: 'country', op: 'equals', value: 'DE' },
              serve: 'on',
            },
            { ...(rollout(20).rules?.[0] ?? assert.fail()), when: { segment: 'beta' } },
          ],
        },
        parent: { ...onOff, default: 'on' },
      },
      segments: { beta: { when: { attribute: 'email', op: 'ends-with', value: 'org' } } },
    })
    const { lines } = flags.explain('a', { targetingKey: 'user-1', country: 'FR', email: 'a@b.org' })
    assert.deepEqual(lines, [
      'a: off (false), DEFAULT',
      "yes flag parent serves on: 'on'",
      'rule de (Germany): does not decide',
      '  no  country equals "DE": \'FR\'',
      'rule r1: does not decide',
      '  yes in segment beta',
      '    yes email ends-with "org": \'a@b.org\'',
      "  share: 'user-1' drew 72 of 100 (tandem-1, 'r1:'): not in",
      'no rule decided: the default holds',
    ])
    assert.deepEqual(flags.explain('gone').lines, [
      "gone: the program's own default, ERROR: there is no such flag",
    ])
    assert.deepEqual(flags.takeCounts(), [])
  })
})

describe('a table', () => {
  const set = {
    flags: { a: { ...onOff, requires: [{ flag: 'b', serves: ['on'] }] }, b: { ...onOff, default: 'on' } },
    segments: {},
  }

  it('lets who requires a flag see its newest rules', () => {
    const table = new Table()
    table.replace(set)
    assert.equal(table.decide('a', {}).resolution.reason, 'DEFAULT')
    table.apply({ flags: { b: { ...onOff, on: false } }, segments: {} })
    assert.equal(table.decide('a', {}).resolution.reason, 'DISABLED')
    table.apply({ flags: { b: null }, segments: {} })
    assert.equal(table.decide('a', {}).resolution.reason, 'DISABLED')
    assert.deepEqual(table.keys(), ['a'])
    table.apply({ flags: { b: set.flags.b }, segments: {} })
    assert.equal(table.decide('a', {}).resolution.reason, 'DEFAULT')
  })

  it('takes away what a new whole does not have', () => {
    const table = new Table()
    table.replace({ ...set, segments: { s: { include: ['u'] } } })
    table.replace({ flags: { b: set.flags.b }, segments: {} })
    assert.deepEqual(table.definitions(), { flags: { b: set.flags.b }, segments: {} })
    assert.equal(table.decide('a', {}).resolution.errorCode, 'FLAG_NOT_FOUND')
  })

  it('ends in a ring of requirements that nobody refused: none of them holds', () => {
    const table = new Table()
    const needs = (flag: string): Flag => ({ ...onOff, default: 'on', requires: [{ flag, serves: ['on'] }] })
    table.replace({
      flags: {
        a: needs('b'),
        b: needs('c'),
        c: needs('a'),
        s: { ...onOff, rules: [{ id: 'r1', when: { segment: 's' }, serve: 'on' }] },
      },
      segments: { s: { when: { segment: 't' } }, t: { when: { not: { segment: 's' } } } },
    })
    for (const key of ['a', 'b', 'c']) assert.equal(table.decide(key, {}).resolution.reason, 'DISABLED', key)
    assert.equal(typeof table.decide('s', {}).value, 'boolean')
  })

  it('compiles what is asked, and only that', () => {
    const table = new Table()
    const flags = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`f${at}`, rollout(at % 100)]))
    table.replace({ flags, segments: {} })
    table.decide('f50', { targetingKey: 'u' })
    assert.equal(table.find('f50')?.outcomes.length, 2)
    assert.equal(table.find('f51')?.outcomes.length, 0)
  })
})
