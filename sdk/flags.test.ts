import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { Context } from './flag/flag.ts'
import { flagsOf } from './flags.ts'

const draw = { hash: 'tandem-1', salt: 'r1:' }
const set = {
  flags: {
    'new-checkout': {
      type: 'boolean',
      on: true,
      variants: { on: true, off: false },
      default: 'off',
      off: 'off',
      rules: [{ id: 'r1', when: { segment: 'team' }, share: { ...draw, weight: 50, of: 100 }, serve: 'on' }],
    },
    'cache-seconds': { type: 'number', on: true, variants: { now: 12.5 }, default: 'now', off: null },
    theme: { type: 'string', on: true, variants: { dark: 'dark' }, default: 'dark', off: null },
    limits: { type: 'object', on: true, variants: { all: { cpu: [1, 2] } }, default: 'all', off: null },
    open: { type: 'string', on: true, variants: { a: 'A' }, default: null, off: null },
    newer: {
      type: 'boolean',
      on: true,
      variants: { on: true },
      default: 'on',
      off: null,
      rules: [{ id: 'r1', when: { attribute: 'a', op: 'smells-of', value: 1 }, serve: 'on' }],
    },
    'newer-segment': {
      type: 'boolean',
      on: true,
      variants: { on: true },
      default: 'on',
      off: null,
      rules: [{ id: 'r1', when: { segment: 'newer' }, serve: 'on' }],
    },
  },
  segments: {
    team: { when: { attribute: 'email', op: 'ends-with', value: '@example.org' } },
    newer: { when: { attribute: 'a', op: 'smells-of', value: 1 } },
  },
}
const anna = { targetingKey: 'user-5', email: 'anna@example.org' }

describe('flags', () => {
  it('answer with values of the type that was asked for', () => {
    const flags = flagsOf(set)
    assert.equal(flags.boolean('new-checkout', false, anna), true)
    assert.equal(flags.boolean('new-checkout', true, { targetingKey: 'user-5' }), false)
    assert.equal(flags.number('cache-seconds', 1), 12.5)
    assert.equal(flags.string('theme', 'light'), 'dark')
    assert.deepEqual(flags.object('limits', { cpu: [0] }), { cpu: [1, 2] })
    assert.deepEqual(flags.details('boolean', 'new-checkout', false, anna), {
      value: true,
      variant: 'on',
      reason: 'SPLIT',
      rule: 'r1',
    })
  })

  it('leave the answer to the program where no right one is known, and say why', () => {
    const flags = flagsOf(set)
    const codeOf = (key: string, context?: Context): readonly unknown[] => {
      const { value, reason, errorCode } = flags.details('boolean', key, true, context)
      return [value, reason, errorCode]
    }
    assert.deepEqual(codeOf('theme'), [true, 'ERROR', 'TYPE_MISMATCH'])
    assert.deepEqual(codeOf('gone'), [true, 'ERROR', 'FLAG_NOT_FOUND'])
    assert.deepEqual(codeOf('open'), [true, 'DEFAULT', undefined])
    assert.deepEqual(codeOf('newer'), [true, 'ERROR', 'PARSE_ERROR'])
    assert.deepEqual(codeOf('newer-segment'), [true, 'ERROR', 'GENERAL'])
    const explosive = Object.defineProperty({}, 'email', { get: () => assert.fail('boom'), enumerable: true })
    assert.deepEqual(codeOf('new-checkout', explosive), [true, 'ERROR', 'GENERAL'])
    assert.match(flags.details('boolean', 'newer', true).errorMessage ?? '', /'smells-of' is not known here/)
  })

  it('are given out as they are, and nobody can change them', () => {
    const flags = flagsOf(set)
    const limits = flags.object('limits', { cpu: [0] })
    assert.throws(() => (limits.cpu[0] = 9), TypeError)
    assert.equal(
      flags.details('boolean', 'new-checkout', false, anna),
      flags.details('boolean', 'new-checkout', false, anna),
    )
  })

  it('count what they answered, once', () => {
    const flags = flagsOf(set)
    flags.boolean('new-checkout', false, anna)
    flags.details('boolean', 'new-checkout', false, anna)
    flags.boolean('new-checkout', false)
    flags.boolean('theme', false)
    flags.string('open', 'x')
    flags.string('gone', 'x')
    const counts = flags
      .takeCounts()
      .map(({ flag, resolution, count }) => [flag, resolution.variant ?? resolution.errorCode, count])
    assert.deepEqual(counts, [
      ['new-checkout', 'off', 1],
      ['new-checkout', 'on', 2],
      ['open', undefined, 1],
      ['theme', 'TYPE_MISMATCH', 1],
      ['gone', 'FLAG_NOT_FOUND', 1],
    ])
    assert.deepEqual(flags.takeCounts(), [])
  })

  it('pass answers on, counted or not', () => {
    const flags = flagsOf(set)
    assert.deepEqual(flags.peek('theme'), { value: 'dark', variant: 'dark', reason: 'STATIC' })
    assert.equal(flags.peek('gone').errorCode, 'FLAG_NOT_FOUND')
    assert.deepEqual(flags.takeCounts(), [])
    assert.equal(flags.resolve('theme'), flags.peek('theme'))
    assert.deepEqual(
      flags.takeCounts().map(({ flag, count }) => [flag, count]),
      [['theme', 1]],
    )
  })

  it('can be overridden in tests, one over the other, and are put back', () => {
    const flags = flagsOf(set)
    const restore = flags.override({ 'new-checkout': true, 'not-yet': 7 })
    assert.equal(flags.boolean('new-checkout', false), true)
    assert.equal(flags.number('not-yet', 1), 7)
    {
      using _ = flags.override({ 'new-checkout': false })
      assert.equal(flags.boolean('new-checkout', true, anna), false)
      assert.equal(flags.details('boolean', 'new-checkout', true).variant, 'off')
    }
    assert.equal(flags.boolean('new-checkout', false), true)
    restore()
    restore()
    assert.equal(flags.boolean('new-checkout', false), false)
    assert.equal(flags.number('not-yet', 1), 1)
    assert.throws(() => flags.override({ theme: 3 }), /theme is of type string and cannot be 3/)
    assert.deepEqual(
      flags.takeCounts().map(({ flag, count }) => [flag, count]),
      [
        ['new-checkout', 1],
        ['not-yet', 1],
      ],
    )
  })

  it('take a context of ten megabytes as any other', () => {
    const flags = flagsOf(set)
    const big = {
      ...anna,
      junk: 'x'.repeat(10_000_000),
      list: Array.from({ length: 100_000 }, (_, at) => at),
    }
    const began = process.cpuUsage()
    assert.equal(flags.boolean('new-checkout', false, big), true)
    assert.ok(process.cpuUsage(began).user < 100_000)
  })

  it('allocate nothing to answer', () => {
    const counted = spawnSync(
      process.execPath,
      [
        '--min-semi-space-size=128',
        '--max-semi-space-size=128',
        join(import.meta.dirname, 'evaluate/fixtures/count-bytes.ts'),
      ],
      { encoding: 'utf8' },
    )
    assert.equal(counted.status, 0, counted.stderr)
    const { bytes, waste } = JSON.parse(counted.stdout) as { bytes: number; waste: number }
    assert.ok(bytes < 0.5, `${bytes} bytes for each answer`)
    // The measure itself, seen to tell.
    assert.ok(waste > 10, `${waste} bytes where each answer makes an object`)
  })
})
