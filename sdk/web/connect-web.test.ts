import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { connectWeb, type WebFlags, type WebOptions } from './connect-web.ts'
import { SmallOfrep } from './small-ofrep.ts'

const onOff = { type: 'boolean', on: true, variants: { on: true, off: false }, default: 'off', off: 'off' }
const forAnna = {
  ...onOff,
  rules: [{ id: 'r1', when: { attribute: 'targetingKey', op: 'equals', value: 'anna' }, serve: 'on' }],
}

describe('flags in a browser', () => {
  let hub: SmallOfrep
  let open: WebFlags[] = []
  let troubles: string[] = []

  beforeEach(async () => {
    hub = new SmallOfrep()
    await hub.start()
    hub.set({
      a: forAnna,
      limits: { type: 'object', on: true, variants: { l: { cpu: 2 } }, default: 'l', off: null },
      bare: { ...onOff, default: null },
    })
    troubles = []
  })
  afterEach(async () => {
    await Promise.all(open.map((flags) => flags.close()))
    open = []
    await hub.stop()
  })

  async function visit(options: Partial<WebOptions> = {}): Promise<WebFlags> {
    const flags = await connectWeb({
      hub: hub.url,
      key: hub.key,
      context: { targetingKey: 'anna' },
      onTrouble: (said) => troubles.push(said),
      ...options,
    })
    open.push(flags)
    return flags
  }

  it('have the answers for the person, and say how they came about', async () => {
    const flags = await visit()
    assert.equal(flags.boolean('a', false), true)
    assert.deepEqual(flags.object('limits', { cpu: 1 }), { cpu: 2 })
    assert.deepEqual(flags.details('boolean', 'a', false), {
      value: true,
      variant: 'on',
      reason: 'TARGETING_MATCH',
    })
    assert.deepEqual(flags.details('boolean', 'bare', true), { value: true, reason: 'DEFAULT' })
    assert.equal(flags.details('boolean', 'limits', true).errorCode, 'TYPE_MISMATCH')
    assert.equal(flags.details('boolean', 'gone', true).errorCode, 'FLAG_NOT_FOUND')
    assert.deepEqual(troubles, [])
  })

  it('are those of the next person as soon as there is one, and never those of the one before', async () => {
    const flags = await visit()
    const changing = flags.setContext({ targetingKey: 'bob' })
    assert.equal(flags.details('boolean', 'a', false).errorCode, 'FLAG_NOT_FOUND')
    await changing
    assert.deepEqual(flags.details('boolean', 'a', true), { value: false, variant: 'off', reason: 'DEFAULT' })
    await Promise.all([
      flags.setContext({ targetingKey: 'carl' }),
      flags.setContext({ targetingKey: 'anna' }),
    ])
    assert.equal(flags.boolean('a', false), true)
    await flags.setContext({ targetingKey: 'anna', plan: 'gold' })
    assert.deepEqual(
      hub.answered.filter((status) => status !== 200),
      [],
    )
  })

  it('stay, and are called stale, while the hub is away', async () => {
    const flags = await visit()
    hub.isFailing = true
    await flags.setContext({ targetingKey: 'anna', plan: 'gold' })
    assert.equal(flags.isStale, true)
    assert.deepEqual(flags.details('boolean', 'a', false), { value: true, variant: 'on', reason: 'STALE' })
    assert.match(troubles[0] ?? '', /the hub answered 500/)
  })

  it("are the program's own when nothing was ever known, within the time allowed", async () => {
    await hub.stop()
    const began = performance.now()
    const flags = await visit({ waitMs: 100 })
    assert.ok(performance.now() - began < 20_000)
    assert.equal(flags.boolean('a', true), true)
    await hub.start()
  })

  it('can be overridden in tests', async () => {
    const flags = await visit()
    let changes = 0
    flags.onChange(() => (changes += 1))
    const restore = flags.override({ a: false, more: 'x' })
    assert.equal(flags.boolean('a', true), false)
    assert.equal(flags.string('more', ''), 'x')
    restore()
    assert.equal(flags.boolean('a', false), true)
    assert.equal(changes, 2)
  })

  it('count what they answered, and send it when they are closed', async () => {
    const flags = await visit()
    flags.boolean('a', false)
    flags.boolean('a', false)
    flags.boolean('gone', false)
    await flags.close()
    assert.deepEqual(
      hub.batches.map(({ counts }) => counts),
      [
        [
          { flag: 'a', variant: 'on', reason: 'TARGETING_MATCH', count: 2 },
          { flag: 'gone', reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND', count: 1 },
        ],
      ],
    )
  })

  it('say what could not be counted', async () => {
    const flags = await visit()
    flags.boolean('a', false)
    await hub.stop()
    await flags.close()
    assert.match(troubles.at(-1) ?? '', /^1 answers of flags are not counted/)
    await hub.start()
    await pause(0)
  })
})
