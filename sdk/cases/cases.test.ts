import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { testOf } from '../condition/compile.ts'
import { Table } from '../evaluate/table.ts'
import { mistakesOfSet } from '../flag/check-set.ts'
import type { Condition, Context, Flag, FlagSet, HashName, Segment } from '../flag/flag.ts'
import { flagsOf } from '../flags.ts'
import { lotsOf, type Purpose } from '../hash/lots.ts'
import { matcherOf } from '../regex/matcher.ts'
import { PatternTrouble } from '../regex/parse.ts'

const here = import.meta.dirname

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(here, name), 'utf8')) as T
}

type HashCase = Readonly<{
  hash: HashName
  salt: string
  purpose: Purpose
  of: number
  key: string
  lot: number
}>

describe('what is agreed with other languages', () => {
  it('draws the lots of hash.json', () => {
    const { cases } = read<{ cases: readonly HashCase[] }>('hash.json')
    assert.ok(cases.length > 100)
    for (const { hash, salt, purpose, of, key, lot } of cases) {
      const drawn = lotsOf({ hash, salt }, purpose, of).lot(key)
      // Lots of 32 bits are kept less 2^31 here.
      const whole = hash === 'tandem-1' || hash === 'flagd-v2' ? drawn + 2 ** 31 : drawn
      assert.equal(whole, lot, `${hash} ${salt} ${JSON.stringify(key)}`)
    }
  })

  it('draws them in Python as well', (t) => {
    if (spawnSync('python3', ['--version']).error !== undefined)
      return t.skip('there is no python3 here; it runs where there is one')
    const { status, stdout, stderr } = spawnSync(
      'python3',
      [join(here, 'flags.py'), '--check', join(here, 'hash.json')],
      { encoding: 'utf8' },
    )
    assert.equal(status, 0, stderr)
    assert.match(stdout, /"wrong": 0/)
  })

  it('finds the conditions of conditions.json to hold or not', () => {
    type Cases = Readonly<{
      segments: Readonly<Record<string, Segment>>
      cases: readonly Readonly<{
        condition: Condition
        holds: readonly Context[]
        fails: readonly Context[]
      }>[]
    }>
    const { segments, cases } = read<Cases>('conditions.json')
    const table = new Table()
    table.replace({ flags: {}, segments })
    for (const { condition, holds, fails } of cases) {
      const test = testOf(condition, table.others)
      const say = (context: Context) => `${JSON.stringify(condition)} of ${JSON.stringify(context)}`
      for (const context of holds) assert.equal(test(context), true, say(context))
      for (const context of fails) assert.equal(test(context), false, say(context))
      assert.deepEqual(mistakesOfSet(asSet(condition, segments)), [], JSON.stringify(condition))
    }
  })

  it('finds the patterns of patterns.json', () => {
    type Cases = Readonly<{
      cases: readonly Readonly<{ pattern: string; holds: readonly string[]; fails: readonly string[] }>[]
      refused: readonly string[]
    }>
    const { cases, refused } = read<Cases>('patterns.json')
    for (const { pattern, holds, fails } of cases) {
      const matches = matcherOf(pattern)
      for (const text of holds) assert.equal(matches(text), true, `${pattern} in ${JSON.stringify(text)}`)
      for (const text of fails) assert.equal(matches(text), false, `${pattern} in ${JSON.stringify(text)}`)
    }
    for (const pattern of refused) assert.throws(() => matcherOf(pattern), PatternTrouble, pattern)
  })

  it('gives what flags.json says', () => {
    type Cases = FlagSet &
      Readonly<{
        cases: readonly Readonly<{
          flag: string
          context: Context
          variant: string | null
          reason: string
          rule?: string
        }>[]
      }>
    const { flags: definitions, segments, cases } = read<Cases>('flags.json')
    assert.deepEqual(mistakesOfSet({ flags: definitions, segments }), [])
    const flags = flagsOf({ flags: definitions, segments })
    for (const { flag, context, variant, reason, rule } of cases) {
      const { resolution } = flags.explain(flag, context)
      const found = { variant: resolution.variant ?? null, reason: resolution.reason, rule: resolution.rule }
      assert.deepEqual(found, { variant, reason, rule }, `${flag} for ${JSON.stringify(context)}`)
      const value = variant === null ? undefined : definitions[flag]?.variants[variant]
      assert.deepEqual(resolution.value, value)
    }
  })
})

function asSet(when: Condition, segments: FlagSet['segments']): FlagSet {
  const flag: Flag = {
    type: 'boolean',
    on: true,
    variants: { on: true },
    default: 'on',
    off: 'on',
    rules: [{ id: 'r1', when, serve: 'on' }],
  }
  return { flags: { tried: flag }, segments }
}
