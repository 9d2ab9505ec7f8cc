import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { flagsOf } from './flags.ts'

describe('the example of the README', () => {
  it('answers from flags that are at hand', () => {
    const flags = flagsOf({
      flags: {
        'new-checkout': {
          type: 'boolean',
          on: true,
          variants: { on: true, off: false },
          default: 'off',
          off: 'off',
          rules: [{ id: 'r1', when: { attribute: 'country', op: 'equals', value: 'DE' }, serve: 'on' }],
        },
      },
      segments: {},
    })
    const answer = flags.boolean('new-checkout', false, { targetingKey: 'user-1', country: 'DE' }) // true
    const why = flags.explain('new-checkout', { targetingKey: 'user-1', country: 'FR' }).lines
    assert.equal(answer, true)
    assert.equal(why.at(-1), 'no rule decided: the default holds')
  })
})
