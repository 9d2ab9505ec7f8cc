import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FlagdCore } from '@openfeature/flagd-core'
import type { Context, Flag, FlagSet } from '../../../../sdk/flag/flag.ts'
import { flagsOf } from '../../../../sdk/flags.ts'
import { drawContext, drawFrom, drawSet } from '../random-flags.ts'
import { toFlagd } from './export.ts'

const quiet = { error() {}, warn() {}, info() {}, debug() {} }

/** What flagd's own evaluator gives for all flags of a set. */
function flagdOf(set: FlagSet): (key: string, context: Context) => unknown {
  const core = new FlagdCore(undefined, quiet)
  core.setConfigurations(JSON.stringify(toFlagd(set).file))
  return (key, context) => {
    const { value, errorCode } = core.resolveStringEvaluation(key, 'own', context as never, quiet)
    return errorCode === undefined ? value : errorCode
  }
}

test('flagd gives everybody what we give them', () => {
  const draw = drawFrom(20261127)
  for (let round = 0; round < 100; round += 1) {
    const set = drawSet(draw)
    const [ours, theirs] = [flagsOf(set), flagdOf(set)]
    for (let person = 0; person < 20; person += 1) {
      const context = drawContext(draw)
      for (const key of Object.keys(set.flags)) {
        const told = () => JSON.stringify({ flag: set.flags[key], segments: set.segments, context })
        assert.equal(theirs(key, context), ours.peek(key, context).value ?? 'own', told())
      }
    }
  }
})

const plain: Flag = {
  type: 'boolean',
  on: true,
  variants: { on: true, off: false },
  default: 'off',
  off: 'off',
}

function remarksOn(flag: Partial<Flag>): readonly string[] {
  const { remarks } = toFlagd({ flags: { f: { ...plain, ...flag } }, segments: {} })
  return remarks.filter((remark) => remark.flag === 'f').map(({ says, isLeftOut }) => `${isLeftOut}: ${says}`)
}

test('leaves out what flagd cannot say, and tells why', () => {
  const when = (condition: object) =>
    remarksOn({ rules: [{ id: 'r', when: condition as never, serve: 'on' }] })
  assert.deepEqual(when({ attribute: 'email', op: 'matches', value: 'a+' }), [
    'true: flagd has no patterns (`matches`)',
  ])
  assert.deepEqual(when({ attribute: 'ip', op: 'in-network', value: '10.0.0.0/8' }), [
    'true: flagd has no network ranges (`in-network`)',
  ])
  assert.deepEqual(when({ attribute: 'since', op: 'before', value: '2026-01-01' }), [
    'true: flagd has no dates (`before`)',
  ])
  assert.deepEqual(when({ attribute: ['app.version'], op: 'present' }), [
    "true: flagd cannot name an attribute with 'app.version' in its path",
  ])
})

test('tells that people are dealt anew where flagd has no such lots', () => {
  const share = { hash: 'gb-2', salt: 's', weight: 1, of: 10 } as const
  assert.deepEqual(remarksOn({ rules: [{ id: 'r', share, serve: 'on' }] }), [
    'false: it draws lots as `gb-2` does, which flagd cannot: people are dealt anew there',
  ])
  assert.deepEqual(
    remarksOn({ rules: [{ id: 'r', share: { ...share, hash: 'tandem-1', salt: 's:' }, serve: 'on' }] }),
    [],
  )
})

test('does not write out flags that ask for flags without end', () => {
  const flags: Record<string, Flag> = {
    f0: { ...plain, rules: [{ id: 'r', when: { attribute: 'a', op: 'present' }, serve: 'on' }] },
  }
  for (let at = 1; at < 30; at += 1) {
    const before = { flag: `f${at - 1}`, serves: ['on'] }
    flags[`f${at}`] = {
      ...plain,
      requires: [before],
      rules: [{ id: 'r', when: { any: [before, before] }, serve: 'on' }],
    }
  }
  const { file, remarks } = toFlagd({ flags, segments: {} })
  assert.ok(Object.keys(file.flags).length < 12)
  assert.ok(remarks.some(({ flag, says }) => flag === 'f29' && says.includes('20000 parts')))
})
