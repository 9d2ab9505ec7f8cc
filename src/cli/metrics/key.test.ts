import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFakeWorld } from '../fake-world.ts'
import { main } from '../main.ts'

test('keys of senders are made, listed without their secret, and revoked', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-metric-key-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  await writeFile(
    join(dir, 'tandem.ts'),
    "import { tandem } from 'tandem'\nexport default tandem({ people: { ada: { name: 'Ada', may: 'everything' } } })\n",
  )
  const key = async (...words: readonly string[]) => {
    const world = makeFakeWorld({ cwd: dir, home: dir, user: 'ada', now: Date.now })
    const exit = await main(['metrics', 'key', ...words], world)
    return { exit, out: world.outs.join('\n'), err: world.errs.join('\n') }
  }
  assert.match((await key('list')).out, /no keys yet/)
  const { out, err } = await key('new', 'web1')
  assert.match(out, /^tdmm_/)
  assert.match(err, /a key for web1: whoever has it sends samples, and may do nothing else/)
  const { keys } = JSON.parse((await key('list', '--json')).out)
  assert.deepEqual([keys.length, keys[0].name, keys[0].who], [1, 'web1', 'ada'])
  assert.match((await key('list')).out, /web1 +ada/)
  assert.equal((await key('revoke', keys[0].id)).exit, 0)
  assert.match((await key('list')).out, /no keys yet/)
  assert.equal((await key('new')).exit, 2)
})
