import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStore } from '../store/open.ts'
import { writeKeys } from './write-keys.ts'

test('a key is known until it is revoked, and stands nowhere as it is', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-write-keys-'))
  const store = await openStore(folder)
  t.after(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })
  const keys = writeKeys(store, () => 7)
  const { key, secret } = await keys.create({ name: 'web1', who: 'ada' })
  assert.deepEqual(await keys.check(secret), { id: key.id, name: 'web1', who: 'ada', createdAt: 7 })
  assert.deepEqual(await keys.list(), [key])
  for (const wrong of ['', 'tdmm_', `${secret}x`, secret.slice(0, -1), secret.slice(5)])
    assert.equal(await keys.check(wrong), null, wrong)
  const bytes = await readFile(join(folder, 'tandem.db-wal'))
  assert.ok(bytes.includes('web1'))
  assert.ok(!bytes.includes(secret.slice(5)))
  assert.equal(await keys.revoke(key.id), true)
  assert.equal(await keys.revoke(key.id), false)
  assert.equal(await keys.check(secret), null)
})
