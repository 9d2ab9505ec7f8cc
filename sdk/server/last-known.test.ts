import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { LastKnownFile } from './last-known.ts'

const known = {
  rev: 'r1',
  all: { flags: { a: { type: 'boolean', note: 'ż😀\n' }, b: {} }, segments: { s: {} } },
}

describe('the file of the last known flags', () => {
  let folder = ''
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'tandem-sdk-'))))
  after(() => rm(folder, { recursive: true, force: true }))

  const fail = (error: unknown): void => assert.fail(String(error))

  async function kept(name: string): Promise<string> {
    const path = join(folder, name)
    const file = new LastKnownFile(path, 'scope')
    file.write(() => known, fail)
    await file.settled()
    return path
  }

  it('gives back what was written, to who may read it', async () => {
    const path = await kept('deep/er/flags.json')
    assert.deepEqual(await new LastKnownFile(path, 'scope').read(), known)
    assert.equal((await stat(path)).mode & 0o777, 0o600)
    assert.equal(await new LastKnownFile(join(folder, 'none'), 'scope').read(), null)
  })

  it('is not used when a byte is wrong or missing, wherever', async () => {
    const path = await kept('damaged')
    const bytes = await readFile(path)
    for (let at = 0; at < bytes.length; at += 1) {
      await writeFile(path, bytes.subarray(0, at))
      await assert.rejects(new LastKnownFile(path, 'scope').read(), /damaged|was cut/, `cut at ${at}`)
      const flipped = Buffer.from(bytes)
      flipped[at] = (bytes[at] ?? 0) ^ 1
      await writeFile(path, flipped)
      const outcome = await new LastKnownFile(path, 'scope').read().catch((error: Error) => error.message)
      // When it was saved is for people, and decides nothing.
      const isTime = /"savedAt":"[^"]*"/.exec(bytes.toString('latin1'))
      const within = isTime !== null && at >= isTime.index && at < isTime.index + isTime[0].length
      if (!within)
        assert.match(typeof outcome === 'string' ? outcome : 'used', /damaged|was cut/, `flipped at ${at}`)
    }
  })

  it('is not used for another hub or key', async () => {
    const path = await kept('other')
    await assert.rejects(new LastKnownFile(path, 'other').read(), /another hub or key/)
  })

  it('is whole at every moment while it is written again and again', async () => {
    const path = await kept('busy')
    const file = new LastKnownFile(path, 'scope')
    const flags = Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`f${at}`, { at }]))
    let isDone = false
    const writing = (async () => {
      for (let at = 0; at < 20; at += 1) {
        file.write(() => ({ rev: `w${at}`, all: { flags, segments: {} } }), fail)
        await file.settled()
      }
      isDone = true
    })()
    let reads = 0
    while (!isDone) {
      const found = await new LastKnownFile(path, 'scope').read()
      assert.ok(found !== null && /^(r1|w\d+)$/.test(found.rev))
      reads += 1
    }
    await writing
    assert.ok(reads > 5, `read only ${reads} times meanwhile`)
    assert.equal((await new LastKnownFile(path, 'scope').read())?.rev, 'w19')
  })

  it('leaves nothing else in its folder, also of a process that was killed', async () => {
    const path = join(folder, 'swept', 'flags.json')
    await kept('swept/flags.json')
    await writeFile(`${path}.999.part`, 'half')
    await writeFile(`${path}.998.part`, 'half, just now')
    await utimes(`${path}.999.part`, new Date(0), new Date(0))
    await kept('swept/flags.json')
    assert.deepEqual(await readdir(join(folder, 'swept')), ['flags.json', 'flags.json.998.part'])
  })

  it('says why it could not be written', async () => {
    const path = await kept('in-the-way')
    const troubles: unknown[] = []
    const file = new LastKnownFile(join(path, 'below'), 'scope')
    file.write(
      () => known,
      (error) => troubles.push(error),
    )
    await file.settled()
    assert.match(String(troubles[0]), /ENOTDIR|EEXIST/)
  })
})
