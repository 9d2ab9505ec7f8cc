import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { connect, type ConnectOptions, type LiveFlags } from './connect.ts'
import { SmallHub } from './small-hub.ts'

function text(value: string): object {
  return { type: 'string', on: true, variants: { now: value }, default: 'now', off: null }
}

async function until(holds: () => boolean, what: string, limitMs = 8000): Promise<void> {
  const began = performance.now()
  while (!holds()) {
    if (performance.now() - began > limitMs) assert.fail(`not within ${limitMs} ms: ${what}`)
    await pause(5)
  }
}

describe('flags that follow a hub', () => {
  let folder = ''
  let hub: SmallHub
  let open: LiveFlags[] = []
  let troubles: string[] = []

  before(async () => (folder = await mkdtemp(join(tmpdir(), 'tandem-sdk-'))))
  after(() => rm(folder, { recursive: true, force: true }))
  beforeEach(async () => {
    hub = new SmallHub()
    await hub.start()
    hub.edit({ a: text('one') })
    troubles = []
  })
  afterEach(async () => {
    await Promise.all(open.map((flags) => flags.close()))
    open = []
    await hub.kill()
  })

  async function follow(options: Partial<ConnectOptions> = {}): Promise<LiveFlags> {
    const flags = await connect({
      hub: hub.url,
      key: hub.key,
      onTrouble: (said) => troubles.push(said),
      ...options,
    })
    open.push(flags)
    return flags
  }

  it('have what the hub has, and what it changes', async () => {
    const flags = await follow()
    const changed: string[] = []
    flags.onChange((keys) => changed.push(...keys))
    assert.equal(flags.string('a', 'none'), 'one')
    assert.deepEqual(flags.status(), { state: 'live', rev: hub.rev, trouble: null })
    hub.edit({ a: text('two'), b: text('new') })
    await until(() => flags.string('a', 'none') === 'two', 'the change')
    assert.equal(flags.details('string', 'b', 'none').reason, 'STATIC')
    hub.edit({ b: null })
    await until(() => flags.string('b', 'none') === 'none', 'the end of b')
    assert.deepEqual(changed, ['a', 'b', 'b'])
    assert.deepEqual(troubles, [])
  })

  it('are made anew when a message was lost', async () => {
    const flags = await follow()
    await until(() => hub.streams === 1, 'the stream')
    hub.silence()
    hub.edit({ a: text('lost') }, { isLost: true })
    hub.edit({ b: text('after it') })
    await until(() => flags.string('a', 'none') === 'lost', 'what was lost')
    assert.equal(flags.string('b', 'none'), 'after it')
    assert.deepEqual(hub.openedFrom, [null, null])
  })

  it('find out by the next ping when the last message was lost', async () => {
    const flags = await follow()
    await until(() => hub.streams === 1, 'the stream')
    hub.edit({ a: text('lost') }, { isLost: true })
    await until(() => flags.string('a', 'none') === 'lost', 'what was lost')
  })

  it('take nothing of a message that was cut, and go on from where they were', async () => {
    const flags = await follow()
    await until(() => hub.streams === 1, 'the stream')
    const { rev } = hub
    const seen = new Set<string>()
    hub.cutMidway({ a: text('torn') })
    await until(() => (seen.add(flags.string('a', 'none')), hub.openedFrom.length === 2), 'the next stream')
    hub.edit({ a: text('whole') })
    await until(() => (seen.add(flags.string('a', 'none')), seen.has('whole')), 'the next change')
    assert.deepEqual([...seen], ['one', 'whole'])
    assert.deepEqual(hub.openedFrom, [null, rev])
  })

  it('survive a hub that talks nonsense', async () => {
    const flags = await follow()
    for (const nonsense of [
      'event: delta\ndata: {\n\n',
      'event: full\ndata: []\n\n',
      'event: full\ndata: {"rev":"x"}\n\n',
      'event: ping\ndata: {"rev":5}\n\n',
      'event: later\ndata: ?\n\n',
    ]) {
      await until(() => hub.streams === 1, 'the stream')
      hub.write(nonsense)
      await pause(20)
      assert.equal(flags.string('a', 'none'), 'one', nonsense)
    }
    hub.edit({ a: text('two') })
    await until(() => flags.string('a', 'none') === 'two', 'the change')
  })

  it('ask for the whole where the stream is silent or does not get through', async () => {
    const flags = await follow()
    await until(() => hub.streams === 1, 'the stream')
    hub.faults.stream = 'hangs'
    hub.silence()
    hub.edit({ a: text('polled') }, { isLost: true })
    await until(() => flags.string('a', 'none') === 'polled', 'the change')
    assert.equal(flags.status().state, 'live')
  })

  it('go on with what they have while the hub is away, say so, and catch up', async () => {
    const flags = await follow()
    const states: string[] = []
    flags.onStatus(({ state }) => states.push(state))
    await hub.kill()
    await until(() => flags.status().state === 'stale', 'staleness')
    assert.equal(flags.string('a', 'none'), 'one')
    assert.deepEqual(flags.details('string', 'a', 'none'), { value: 'one', variant: 'now', reason: 'STALE' })
    assert.match(flags.status().trouble ?? '', /ECONNREFUSED|ECONNRESET/)
    hub.edit({ a: text('meanwhile') })
    const began = performance.now()
    await hub.start()
    await until(() => flags.string('a', 'none') === 'meanwhile', 'the change')
    assert.ok(performance.now() - began < 20_000)
    await until(() => states.length === 2, 'both states')
    assert.deepEqual(states, ['stale', 'live'])
    assert.equal(flags.details('string', 'a', 'none').reason, 'STATIC')
  })

  it('start without the hub from what was kept', async () => {
    const file = join(folder, 'kept.json')
    await (await follow({ file })).close()
    await hub.kill()
    const began = performance.now()
    const flags = await follow({ file, waitMs: 60_000 })
    assert.ok(performance.now() - began < 20_000)
    assert.deepEqual(flags.details('string', 'a', 'none'), { value: 'one', variant: 'now', reason: 'STALE' })
    assert.equal(flags.status().rev, hub.rev)
    await hub.start()
    hub.edit({ a: text('two') })
    await until(() => flags.string('a', 'none') === 'two', 'the change')
    await flags.close()
    assert.match(await readFile(file, 'utf8'), /"two"/)
  })

  it('answer as the program does by itself when nothing was ever known, and do not wait long', async () => {
    const file = join(folder, 'torn.json')
    await (await follow({ file })).close()
    await truncate(file, 200)
    await hub.kill()
    const began = performance.now()
    const flags = await follow({ file, waitMs: 100 })
    assert.ok(performance.now() - began < 20_000)
    assert.equal(flags.status().state, 'empty')
    assert.deepEqual(flags.details('string', 'a', 'none'), {
      value: 'none',
      reason: 'ERROR',
      errorCode: 'PROVIDER_NOT_READY',
      errorMessage: 'no flags were ever known here: the hub was not reached yet',
    })
    assert.match(troubles[0] ?? '', /kept flags are not used: .* is damaged/)
  })

  it('say that the key was refused, and leave the hub alone', async () => {
    const flags = await follow({ key: 'wrong', waitMs: 150 })
    assert.equal(flags.status().state, 'empty')
    assert.match(troubles[0] ?? '', /refused the key \(401\)/)
    assert.equal(troubles.length, 1)
  })

  it('throw when they are told nonsense', async () => {
    await assert.rejects(connect({ hub: 'hub.example.org', key: 'k' }), /write the address of the hub/)
    await assert.rejects(connect({ hub: 'https://hub.example.org', key: '' }), /key is empty/)
  })

  it('bring every count once, also when the answer to it was lost', async () => {
    const flags = await follow({ countsMs: 50 })
    hub.faults.counts = 'answers and is cut'
    for (let at = 0; at < 10; at += 1) flags.string('a', 'none')
    flags.boolean('a', false)
    await until(() => hub.batches.length >= 2, 'the batch, again')
    flags.string('a', 'none')
    hub.faults.counts = 'none'
    await until(() => hub.batches.some(({ batch }) => batch === 2), 'the next batch')
    const [first, again] = hub.batches
    assert.deepEqual(first, again)
    assert.deepEqual(first?.counts, [
      { flag: 'a', variant: 'now', reason: 'STATIC', count: 10 },
      { flag: 'a', reason: 'ERROR', errorCode: 'TYPE_MISMATCH', count: 1 },
    ])
    const last = hub.batches.at(-1)
    assert.deepEqual([last?.batch, last?.counts.map(({ count }) => count)], [2, [1]])
    assert.match(troubles[0] ?? '', /counts wait for the hub/)
  })

  it('end with everything sent and kept', async () => {
    const file = join(folder, 'end.json')
    await writeFile(file, 'not ours')
    const flags = await follow({ file })
    flags.string('a', 'none')
    hub.edit({ a: text('last') })
    await until(() => flags.keys().length === 1 && flags.status().rev === hub.rev, 'the change')
    flags.string('a', 'none')
    await flags.close()
    const [batch] = hub.batches
    assert.deepEqual(batch?.counts, [{ flag: 'a', variant: 'now', reason: 'STATIC', count: 2 }])
    assert.match(await readFile(file, 'utf8'), /"last"/)
    await until(() => hub.streams === 0, 'the end of the stream')
  })

  it('say how many answers are not counted when they end without the hub', async () => {
    const flags = await follow()
    await hub.kill()
    for (let at = 0; at < 7; at += 1) flags.string('a', 'none')
    await flags.close()
    assert.match(
      troubles.at(-1) ?? '',
      /^7 answers of flags are not counted: the program ended, and the hub was not reached/,
    )
  })
})
