import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFakeWorld } from '../fake-world.ts'
import { ownIdentity } from './identity.ts'

test('many who need a key for the first time at once get the same one, told once', async () => {
  const home = await mkdtemp(join(tmpdir(), 'tandem-identity-'))
  try {
    const world = makeFakeWorld({ home })
    const keys = await Promise.all(Array.from({ length: 8 }, () => ownIdentity(world)))
    assert.equal(new Set(keys.map((key) => key.reveal())).size, 1)
    assert.equal((await ownIdentity(world)).reveal(), keys[0]?.reveal())
    const folder = join(home, '.config', 'tandem')
    assert.deepEqual(await readdir(folder), ['identity'])
    assert.equal((await stat(join(folder, 'identity'))).mode & 0o777, 0o600)
    assert.equal(world.errs.filter((line) => line.startsWith('made a key of yours')).length, 1)
  } finally {
    await rm(home, { recursive: true })
  }
})
