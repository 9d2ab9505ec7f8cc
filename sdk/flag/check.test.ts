import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mistakesOfFlag, mistakesOfSegment } from './check-flag.ts'
import { mistakesOfSet } from './check-set.ts'
import { said } from './mistake.ts'

const good = {
  type: 'boolean',
  on: true,
  variants: { on: true, off: false },
  default: 'off',
  off: 'off',
  rules: [{ id: 'r1', when: { attribute: 'country', op: 'equals', value: 'DE' }, serve: 'on' }],
}
const draw = { hash: 'tandem-1', salt: 'r1:' }

function rule(more: object): object {
  return { ...good, rules: [{ ...good.rules[0], ...more }] }
}

function when(condition: unknown): object {
  return rule({ when: condition })
}

/** What each is told, all of it, in order. */
const bad: readonly (readonly [unknown, readonly string[]])[] = [
  [null, ['it is nothing; write an object, such as {"type": "boolean"']],
  [{ ...good, typ: 'x' }, ["typ: 'typ' is not known here; did you mean 'type'?"]],
  [{ ...good, on: 'yes' }, ["on: it is 'yes'; write true or false"]],
  [
    { ...good, type: 'bool' },
    ["type: 'bool' is not known here; it is one of 'boolean', 'string', 'number' or 'object'"],
  ],
  [{ ...good, variants: {} }, ['variants: it has 0 variants; have at least one and at most 100']],
  [
    { ...good, variants: { on: true, off: 'no' } },
    ["variants.off: it is 'no', and the flag is of type boolean; have all variants of one type"],
  ],
  [{ ...good, default: 'offf' }, ["default: there is no variant 'offf'; did you mean 'off'?"]],
  [
    JSON.parse('{"type":"boolean","on":true,"variants":{"__proto__":true},"default":null,"off":null}'),
    ['variants.__proto__: it is'],
  ],
  [rule({ serve: 'onn' }), ["rules[0].serve: there is no variant 'onn'; did you mean 'on'?"]],
  [rule({ id: '' }), ["rules[0].id: it is ''; write an id of letters"]],
  [
    { ...good, rules: [good.rules[0], good.rules[0]] },
    ["rules[1].id: rules[0] has the id 'r1' too; give each rule its own"],
  ],
  [
    when({ attribute: 'country', op: 'equal', value: 'DE' }),
    ["rules[0].when.op: 'equal' is not known here; did you mean 'equals'?"],
  ],
  [
    when({ attribute: 'country', op: 'after', value: 'DE' }),
    ["rules[0].when.op: 'after' is not known here; did you mean 'since'?"],
  ],
  [when({ attribute: '', op: 'present' }), ["rules[0].when.attribute: it is ''; write up to 10 names"]],
  [
    when({ attribute: 'a', op: 'present', value: 1 }),
    ["rules[0].when.value: 'value' is not known here; it is one of 'attribute' or 'op'"],
  ],
  [when({ attribute: 'a', op: 'equals' }), ["rules[0].when: it has no 'value'; write it, such as"]],
  [
    when({ attribute: 'a', op: 'in', value: [] }),
    ['rules[0].when.value: it is an empty list; write a list with 1 or more in it'],
  ],
  [
    when({ attribute: 'a', op: 'below', value: '3' }),
    ["rules[0].when.value: it is '3'; write a number, such as 0.5"],
  ],
  [
    when({ attribute: 'a', op: 'before', value: '2026-02-30' }),
    ["rules[0].when.value: it is '2026-02-30'; write a day as"],
  ],
  [
    when({ attribute: 'a', op: 'version', value: '>=x' }),
    ["rules[0].when.value: it is '>=x'; write what versions must be"],
  ],
  [
    when({ attribute: 'a', op: 'in-network', value: ['10.0.0.0/8', '10.0.0.0/40'] }),
    ["rules[0].when.value[1]: it is '10.0.0.0/40'; write an address or range"],
  ],
  [
    when({ attribute: 'a', op: 'matches', value: '^(a+)+\\1$' }),
    [
      "rules[0].when.value: '^(a+)+\\1$' at 6: references to what a group found need more than linear time; say it without them",
    ],
  ],
  [when({ al: [] }), ["rules[0].when.al: 'al' makes no condition; did you mean 'all'?"]],
  [
    when({}),
    ['rules[0].when: it is an empty condition; write one with all, any, not, segment, flag, attribute'],
  ],
  [when({ all: [], any: [] }), ["rules[0].when.any: 'any' is not known here; it is one of 'all'"]],
  [
    rule({ share: { ...draw, weight: 101, of: 100 } }),
    ['rules[0].share.weight: 101 is more than the whole, 100; lower it'],
  ],
  [
    rule({ share: { ...draw, weight: 0.5, of: 1 } }),
    ['rules[0].share.weight: it is 0.5; write a whole number from 0 to 2147483647'],
  ],
  [
    rule({ share: { ...draw, hash: 'flagd-v3', weight: 1, of: 2 } }),
    ["rules[0].share.hash: 'flagd-v3' is not known here; did you mean 'flagd-v2'?"],
  ],
  [
    rule({ share: { ...draw, salt: 'r1', weight: 1, of: 2 } }),
    ["rules[0].share.salt: it is 'r1'; write an id that never changes and a colon, such as r7k2m9:"],
  ],
  [
    rule({
      serve: {
        ...draw,
        of: 100,
        arms: [
          { variant: 'on', weight: 50 },
          { variant: 'off', weight: 40 },
        ],
      },
    }),
    ['rules[0].serve.arms: the weights make 90, and the whole is 100; make them add up, or write "of": 90'],
  ],
  [
    rule({ serve: { ...draw, of: 1, arms: [{ variant: 'gone', weight: 1 }] } }),
    ["rules[0].serve.arms[0].variant: there is no variant 'gone'; it is one of 'on' or 'off'"],
  ],
  [
    { ...good, knob: { min: 0, max: 1 } },
    ['knob: a flag of type boolean cannot be turned; make it a number, or take the knob out'],
  ],
  [
    { ...good, about: { expires: '31.12.2026' } },
    ["about.expires: it is '31.12.2026'; write a day, such as 2027-01-31"],
  ],
]

const number = { type: 'number', on: true, variants: { now: 12 }, default: 'now', off: null }

describe('the checks of a flag', () => {
  it('find nothing wrong with one that is right', () => {
    assert.deepEqual(mistakesOfFlag(good), [])
    assert.deepEqual(mistakesOfFlag({ ...number, knob: { min: 0, max: 100, step: 0.1, unit: '%' } }), [])
    const split = {
      ...draw,
      by: 'team.id',
      of: 3,
      arms: [
        { variant: 'on', weight: 3 },
        { variant: null, weight: 0 },
      ],
    }
    assert.deepEqual(mistakesOfFlag(rule({ serve: split, share: { ...draw, weight: 1, of: 3 } })), [])
  })

  it('say where, what, and what was probably meant', () => {
    for (const [flag, lines] of bad) {
      const found = mistakesOfFlag(flag).map(said)
      assert.equal(found.length, lines.length, found.join('\n'))
      lines.forEach((line, at) =>
        assert.ok(found[at]?.startsWith(line), `${found[at]}\ndoes not begin with\n${line}`),
      )
    }
  })

  it('keep a knob within its bounds and on its steps', () => {
    const told = (knob: object): string | undefined => mistakesOfFlag({ ...number, knob }).map(said)[0]
    assert.equal(told({ min: 20, max: 100 }), 'variants.now: 12 is out of bounds; keep from 20 to 100')
    assert.equal(
      told({ min: 0, max: 100, step: 5 }),
      'variants.now: 12 lies between two steps; go in steps of 5 from 0',
    )
    assert.equal(told({ min: 5, max: 1 }), 'knob.min: 5 is more than max, 1; swap them')
    assert.equal(told({ min: 0, max: 100, step: 0 }), 'knob.step: it is 0; write more than 0')
  })

  it('bind a knob to what goes together with it', () => {
    const right = { query: 'max(p99_ms)', above: 800, to: 'min', every: '30s' }
    const told = (bound: object): string | undefined =>
      mistakesOfFlag({ ...number, knob: { min: 0, max: 20, step: 4, bound } }).map(said)[0]
    assert.equal(told({ ...right, until: 700, by: 8, back: '5m', pause: '1h' }), undefined)
    const bound = 'knob.bound'
    const { above: _, ...without } = right
    assert.equal(told(without), `${bound}: it has no threshold; write 'above' or 'below'`)
    assert.equal(told({ ...right, below: 2 }), `${bound}: it has two thresholds; write 'above' or 'below'`)
    const beyond = 'is beyond the threshold; write one on the other side of it'
    assert.equal(told({ ...right, until: 801 }), `${bound}.until: 801 ${beyond}`)
    assert.equal(told({ ...without, below: 5, until: 4 }), `${bound}.until: 4 ${beyond}`)
    assert.equal(
      told({ ...right, by: 3 }),
      `${bound}.by: 3 is no number of whole steps; write a multiple of 4`,
    )
    assert.match(told({ ...right, by: 24 }) ?? '', /by: it is 24; write more than 0 and at most 20/)
    assert.match(told({ ...right, every: '30' }) ?? '', /every: it is '30'; write a period, such as 30s/)
    assert.match(told({ ...right, to: 'mni' }) ?? '', /to: 'mni' is not known here; did you mean 'min'\?/)
    const nobody = mistakesOfFlag({ ...number, default: null, knob: { min: 0, max: 20, bound: right } })
    assert.deepEqual(nobody.map(said), [
      `${bound}: there is no default whose value could be turned; name a variant in 'default'`,
    ])
  })

  it('say what is wrong in what rollouts watch', () => {
    const right = { query: 'sum(errors)', op: 'below', value: 1 }
    const told = (watch: unknown): string | undefined => mistakesOfFlag({ ...number, watch }).map(said)[0]
    assert.equal(told([right, { ...right, op: 'at-least' }]), undefined)
    assert.match(told([{ ...right, op: 'blow' }]) ?? '', /^watch\[0\]\.op: 'blow' .* did you mean 'below'\?$/)
    assert.match(told([right, { ...right, query: '' }]) ?? '', /^watch\[1\]\.query: it is ''/)
    assert.match(told([{ ...right, value: '1' }]) ?? '', /^watch\[0\]\.value: it is '1'/)
    assert.equal(told(Array.from({ length: 21 }, () => right)), 'watch: it has 21 elements; keep to 20')
  })

  it('end for values and conditions that lie deep in each other', () => {
    let value: unknown = 1
    let condition: unknown = { segment: 'a' }
    for (let depth = 0; depth < 50_000; depth += 1) {
      value = { value }
      condition = { not: condition }
    }
    const [deep] = mistakesOfFlag({ ...number, type: 'object', variants: { now: value } }).map(said)
    assert.match(deep ?? '', /^variants.now: objects lie more than 50 deep/)
    assert.match(
      mistakesOfFlag(when(condition)).map(said)[0] ?? '',
      /conditions lie more than 20 deep in each other/,
    )
  })

  it('know segments', () => {
    assert.deepEqual(mistakesOfSegment({ include: ['a'], when: { attribute: 'a', op: 'present' } }), [])
    assert.deepEqual(mistakesOfSegment({ includes: [] }).map(said), [
      "includes: 'includes' is not known here; did you mean 'include'?",
    ])
  })
})

describe('the checks of a set', () => {
  const needs = (flag: string, serves: readonly string[] = ['on']): object => ({
    ...good,
    requires: [{ flag, serves }],
  })
  const told = (flags: object, segments: object = {}): readonly string[] =>
    mistakesOfSet({ flags, segments }).map(said)

  it('find what is named and is not there', () => {
    assert.deepEqual(told({ a: needs('bb'), b: good }), [
      "flags.a.requires[0].flag: there is no flag 'bb'; did you mean 'b'?",
    ])
    assert.deepEqual(told({ a: needs('b', ['no']), b: good }), [
      "flags.a.requires[0].serves[0]: 'b' has no variant 'no'; did you mean 'on'?",
    ])
    assert.deepEqual(told({ a: when({ not: { segment: 'beta' } }) }), [
      "flags.a.rules[0].when.not.segment: there is no segment 'beta'; there are none yet",
    ])
    assert.deepEqual(told({ 'a b': good }), [
      'flags["a b"]: it is \'a b\'; write a key of letters, digits and . : / _ - such as new-checkout',
    ])
  })

  it('refuse rings, through requirements, rules and segments', () => {
    assert.deepEqual(told({ a: needs('a') }), [
      'flags.a.requires[0]: it asks for itself: flag a -> flag a; take one of these out',
    ])
    const [ring, ...more] = told(
      { a: needs('b'), b: when({ segment: 's' }) },
      { s: { when: { any: [{ segment: 't' }] } }, t: { when: { flag: 'a', serves: ['on'] } } },
    )
    assert.equal(
      ring,
      'segments.t.when: it asks for itself: flag a -> flag b -> segment s -> segment t -> flag a; take one of these out',
    )
    assert.deepEqual(more, [])
  })

  it('leave alone what merely shares a requirement', () => {
    assert.deepEqual(
      told({
        a: {
          ...good,
          requires: [
            { flag: 'b', serves: ['on'] },
            { flag: 'c', serves: ['on'] },
          ],
        },
        b: needs('d'),
        c: needs('d'),
        d: good,
      }),
      [],
    )
  })
})
