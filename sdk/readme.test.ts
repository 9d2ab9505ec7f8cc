import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { flagsOf } from './flags.ts'
import { connect } from './server/connect.ts'
import { SmallHub } from './server/small-hub.ts'

describe('the examples of the README', () => {
  it('answer from flags that are at hand', () => {
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

  it('follow a hub', async () => {
    const small = new SmallHub()
    await small.start()
    small.edit({
      'new-checkout': { type: 'boolean', on: true, variants: { on: true }, default: 'on', off: null },
    })
    const { url: hub, key } = small
    const folder = await mkdtemp(join(tmpdir(), 'tandem-sdk-'))
    const file = join(folder, 'flags.json')
    const flags = await connect({ hub, key, file })
    const answer = flags.boolean('new-checkout', false, { targetingKey: 'user-1', country: 'DE' })
    assert.equal(answer, true)
    await flags.close()
    await small.kill()
    await rm(folder, { recursive: true })
  })
})
