import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { OpenFeature as Server, ProviderEvents as ServerEvents } from '@openfeature/server-sdk'
import { OpenFeature as Web, ProviderEvents as WebEvents } from '@openfeature/web-sdk'
import { flagsOf } from '../flags.ts'
import { connect } from '../server/connect.ts'
import { SmallHub } from '../server/small-hub.ts'
import { SmallOfrep } from '../web/small-ofrep.ts'
import { TandemProvider } from './server-provider.ts'
import { TandemWebProvider } from './web-provider.ts'

const onOff = { type: 'boolean', on: true, variants: { on: true, off: false }, default: 'off', off: 'off' }
const flags = {
  a: {
    ...onOff,
    rules: [{ id: 'r1', when: { attribute: 'country', op: 'equals', value: 'DE' }, serve: 'on' }],
  },
  n: { type: 'number', on: true, variants: { now: 1.5 }, default: 'now', off: null },
  s: { type: 'string', on: true, variants: { now: 'x' }, default: 'now', off: null },
  o: { type: 'object', on: true, variants: { now: { l: [1] } }, default: 'now', off: null },
  bare: { ...onOff, default: null },
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const began = performance.now()
  while (!holds()) {
    if (performance.now() - began > 5000) assert.fail(`not within 5 s: ${what}`)
    await pause(5)
  }
}

describe('the OpenFeature provider for servers', () => {
  after(() => Server.close())

  it('answers for OpenFeature, with variant, reason and rule', async () => {
    await Server.setProviderAndWait('own', new TandemProvider(flagsOf({ flags, segments: {} })))
    const client = Server.getClient('own')
    const germany = { targetingKey: 'u', country: 'DE' }
    assert.deepEqual(await client.getBooleanDetails('a', false, germany), {
      flagKey: 'a',
      flagMetadata: { rule: 'r1' },
      value: true,
      variant: 'on',
      reason: 'TARGETING_MATCH',
    })
    assert.equal(await client.getNumberValue('n', 0), 1.5)
    assert.equal(await client.getStringValue('s', ''), 'x')
    assert.deepEqual(await client.getObjectValue('o', {}), { l: [1] })
    assert.equal(await client.getBooleanValue('bare', true), true)
    const { value, errorCode, reason } = await client.getBooleanDetails('s', true)
    assert.deepEqual([value, errorCode, reason], [true, 'TYPE_MISMATCH', 'ERROR'])
    assert.equal((await client.getStringDetails('gone', 'x')).errorCode, 'FLAG_NOT_FOUND')
  })

  it('tells OpenFeature of changes, of a hub that is away, and of its return', async () => {
    const hub = new SmallHub()
    await hub.start()
    hub.edit(flags)
    const told: string[] = []
    const live = await connect({ hub: hub.url, key: hub.key, onTrouble: () => {} })
    await Server.setProviderAndWait('live', new TandemProvider(live))
    const client = Server.getClient('live')
    for (const event of [ServerEvents.Ready, ServerEvents.Stale, ServerEvents.ConfigurationChanged] as const)
      client.addHandler(event, () => told.push(event))
    await until(() => hub.streams === 1, 'the stream')
    hub.edit({ n: { ...flags.n, variants: { now: 2 } } })
    await until(() => told.includes(ServerEvents.ConfigurationChanged), 'the change')
    assert.equal(await client.getNumberValue('n', 0), 2)
    await hub.kill()
    await until(() => told.includes(ServerEvents.Stale), 'that it is stale')
    assert.equal((await client.getNumberDetails('n', 0)).reason, 'STALE')
    const before = told.length
    await hub.start()
    await until(() => told.slice(before).includes(ServerEvents.Ready), 'that it is ready again')
    await Server.clearProviders()
    await until(() => hub.streams === 0, 'the end of the stream')
    assert.equal(hub.batches.length, 1)
    await hub.kill()
  })
})

describe('the OpenFeature provider for browsers', () => {
  const hub = new SmallOfrep()
  before(async () => {
    await hub.start()
    hub.set(flags)
  })
  after(async () => {
    await Web.close()
    await hub.stop()
  })

  it('answers for the person of the context, also when that changes', async () => {
    let changes = 0
    Web.addHandler(WebEvents.ConfigurationChanged, () => (changes += 1))
    await Web.setContext({ targetingKey: 'u', country: 'DE' })
    await Web.setProviderAndWait(new TandemWebProvider({ hub: hub.url, key: hub.key }))
    const client = Web.getClient()
    const { value, variant, reason } = client.getBooleanDetails('a', false)
    assert.deepEqual([value, variant, reason], [true, 'on', 'TARGETING_MATCH'])
    assert.equal(client.getNumberValue('n', 0), 1.5)
    await Web.setContext({ targetingKey: 'u', country: 'FR' })
    assert.equal(client.getBooleanValue('a', true), false)
    assert.equal(client.getBooleanDetails('s', true).errorCode, 'TYPE_MISMATCH')
    assert.ok(changes > 0)
  })
})
