import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { OpenFeature } from '@openfeature/server-sdk'
import { flagsOf } from './flags.ts'
import { TandemProvider } from './openfeature/server-provider.ts'
import { connect } from './server/connect.ts'
import { SmallHub } from './server/small-hub.ts'
import { connectWeb } from './web/connect-web.ts'
import { SmallOfrep } from './web/small-ofrep.ts'

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
  const onForGermany = {
    type: 'boolean',
    on: true,
    variants: { on: true, off: false },
    default: 'off',
    off: 'off',
    rules: [{ id: 'r1', when: { attribute: 'country', op: 'equals', value: 'DE' }, serve: 'on' }],
  }

  it('ask a hub from a browser', async () => {
    const small = new SmallOfrep()
    await small.start()
    small.set({ 'new-checkout': onForGermany })
    const { url: hub, key } = small
    const flags = await connectWeb({ hub, key, context: { targetingKey: 'user-1', country: 'DE' } })
    const answer = flags.boolean('new-checkout', false)
    await flags.setContext({ targetingKey: 'user-2' })
    assert.deepEqual([answer, flags.boolean('new-checkout', true)], [true, false])
    await flags.close()
    await small.stop()
  })

  it('are asked by OpenFeature', async () => {
    const flags = flagsOf({ flags: { 'new-checkout': onForGermany }, segments: {} })
    await OpenFeature.setProviderAndWait(new TandemProvider(flags))
    const client = OpenFeature.getClient()
    const person = { targetingKey: 'user-1', country: 'DE' }
    const answer = await client.getBooleanValue('new-checkout', false, person)
    assert.equal(answer, true)
    await OpenFeature.clearProviders()
  })
})
