import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { makeFakeWorld } from '../../fake-world.ts'
import { loginsFile, readLogins, withLogin, withoutLogin, writeLogins } from './logins.ts'

test('logins are kept for their owner only, and forgotten with the projects that named them', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'tandem-logins-'))
  t.after(() => rm(home, { recursive: true }))
  const world = makeFakeWorld({ home })
  const none = await readLogins(world)
  assert.deepEqual(none, { tokens: {}, projects: {} })
  const one = withLogin(none, 'https://a.test', 'ta', '/shop')
  await writeLogins(world, withLogin(one, 'https://b.test', 'tb', null))
  const kept = await readLogins(world)
  assert.deepEqual(kept, {
    tokens: { 'https://a.test': 'ta', 'https://b.test': 'tb' },
    projects: { '/shop': 'https://a.test' },
  })
  const path = loginsFile(world)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.equal((await stat(dirname(path))).mode & 0o777, 0o700)
  assert.deepEqual(withoutLogin(kept, 'https://a.test'), { tokens: { 'https://b.test': 'tb' }, projects: {} })
})

test('a file of logins that is broken is named', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'tandem-logins-'))
  t.after(() => rm(home, { recursive: true }))
  const world = makeFakeWorld({ home, env: { XDG_CONFIG_HOME: join(home, 'xdg') } })
  await writeLogins(world, { tokens: {}, projects: {} })
  assert.equal(loginsFile(world), join(home, 'xdg', 'tandem', 'hubs.json'))
  await writeFile(loginsFile(world), '{')
  await assert.rejects(readLogins(world), /hubs\.json is not JSON any more/)
})
