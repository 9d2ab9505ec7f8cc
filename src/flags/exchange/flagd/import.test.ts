import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { FlagdCore } from '@openfeature/flagd-core'
import type { Context, FlagType } from '../../../../sdk/flag/flag.ts'
import { flagsOf } from '../../../../sdk/flags.ts'
import { TroubleError } from '../../../change/trouble.ts'
import { drawContext, drawFrom, drawSet, oneOf } from '../random-flags.ts'
import { toFlagd } from './export.ts'
import { fromFlagd } from './import.ts'

const quiet = { error() {}, warn() {}, info() {}, debug() {} }
const text = readFileSync(join(import.meta.dirname, '../fixtures/flagd.json'), 'utf8')

function flagdOf(definitions: string): (type: FlagType, key: string, context: Context) => unknown {
  const core = new FlagdCore(undefined, quiet)
  core.setConfigurations(definitions)
  return (type, key, context) => {
    const asked = [key, 'own' as never, context as never, quiet] as const
    const resolution =
      type === 'boolean'
        ? core.resolveBooleanEvaluation(...asked)
        : type === 'number'
          ? core.resolveNumberEvaluation(...asked)
          : type === 'string'
            ? core.resolveStringEvaluation(...asked)
            : core.resolveObjectEvaluation(...asked)
    return resolution.errorCode ?? resolution.value
  }
}

test('flags of flagd give everybody the same here, lots too', () => {
  const { set } = fromFlagd(text)
  const { typo: _, ...flags } = (JSON.parse(text) as { flags: Record<string, unknown> }).flags
  const theirs = flagdOf(JSON.stringify({ ...(JSON.parse(text) as object), flags }))
  const ours = flagsOf(set)
  const draw = drawFrom(7)
  const seen = new Set<string>()
  for (let person = 0; person < 2000; person += 1) {
    const email = oneOf(draw, [
      'anna@shop.example',
      'ben@example.org',
      'anna@example.org',
      `${person}@a.example`,
    ])
    const context = {
      targetingKey: `user-${person}`,
      email,
      country: oneOf(draw, ['DE', 'AT', 'NL']),
      age: Math.floor(draw() * 40) || 1,
      ...(draw() < 0.8 && {
        app: { version: oneOf(draw, ['2.0.0', '2.0.0-beta', '2.9.1', '3.0.0-rc.1', '1.9.9', 'x']) },
      }),
    }
    for (const [key, { type }] of Object.entries(set.flags)) {
      const found = ours.peek(key, context).value ?? 'own'
      assert.deepEqual(theirs(type, key, context), found, `${key} for ${JSON.stringify(context)}`)
      seen.add(`${key} ${JSON.stringify(found)}`)
    }
  }
  // Nothing was the same only because nothing ever happened.
  assert.equal(seen.size, 2 + 3 + 2 + 2 + 1)
})

test('says what is left out, and what to know about the rest', () => {
  const { set, remarks } = fromFlagd(text)
  assert.deepEqual(Object.keys(set.flags), [
    'new-welcome-banner',
    'header-color',
    'is-adult',
    'page-size',
    'old-search',
  ])
  assert.deepEqual(set.segments, {
    internal: { when: { attribute: 'email', op: 'contains', value: '@shop.example' } },
  })
  const on = (key: string) =>
    remarks.filter(({ flag }) => flag === key).map(({ isLeftOut, says }) => `${isLeftOut}: ${says}`)
  assert.deepEqual(on('happy-hour'), [
    'true: it asks the clock: here, what happens at a time is a change made at that time',
  ])
  assert.deepEqual(on('discount'), [
    'true: {"+":[{"var":"a"},{"var":"b"}]} is asked where the name of an attribute must be',
  ])
  assert.deepEqual(on('mixed'), ['true: its values are of more than one type'])
  assert.match(on('no such variant').join(), /^true: it is|^true: .*write a key/)
  assert.match(on('typo').join(), /^true: default: there is no variant 'b'/)
  assert.deepEqual(on('new-welcome-banner'), ["false: its metadata 'jira' has no place here"])
  assert.match(on('header-color').join(), /false: its lots are drawn as flagd does since/)
})

test('what was exported comes back and gives everybody the same', () => {
  const draw = drawFrom(99)
  let asked = 0
  for (let round = 0; round < 60; round += 1) {
    const set = drawSet(draw)
    const { set: back } = fromFlagd(JSON.stringify(toFlagd(set).file))
    const [before, after] = [flagsOf(set), flagsOf(back)]
    for (let person = 0; person < 20; person += 1) {
      const context = drawContext(draw)
      asked += Object.keys(back.flags).length
      for (const key of Object.keys(back.flags))
        assert.equal(
          after.peek(key, context).value,
          before.peek(key, context).value,
          JSON.stringify([set.flags[key], back.flags[key], context]),
        )
    }
  }
  assert.ok(asked > 4000, `${asked} were asked`)
})

test('a file that is none is refused with what to do', () => {
  const refused = (definitions: string) => {
    try {
      fromFlagd(definitions)
    } catch (error) {
      if (error instanceof TroubleError) return error.trouble.what
      throw error
    }
    return assert.fail('it was taken')
  }
  assert.match(refused('{"flags":'), /^the file is no JSON/)
  assert.equal(refused('[]'), 'this is no file of flagd: it holds no object')
  assert.equal(refused('{"features":[]}'), "this is no file of flagd: it has no 'flags'")
})

test('takes flags as a list with keys, as the daemon does', () => {
  const flag = { key: 'a', state: 'ENABLED', variants: { x: 'X' }, defaultVariant: 'x' }
  assert.equal(flagsOf(fromFlagd(JSON.stringify({ flags: [flag] })).set).peek('a').value, 'X')
})
