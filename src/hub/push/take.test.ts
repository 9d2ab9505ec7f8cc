import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStore } from '../../store/open.ts'
import { silentRelay } from '../../vcs/push.ts'
import { takePush } from './take.ts'

const [a, b] = ['a'.repeat(40), 'b'.repeat(40)]

test('a push that two hubs find at once is in the ledger once, and again when it really came again', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-take-'))
  const stores = [await openStore(dir), await openStore(dir)]
  t.after(async () => {
    for (const store of stores) await store.close()
    await rm(dir, { recursive: true, force: true })
  })
  const take = async (from: string, to: string): Promise<void> => {
    const push = { repo: 'shop', ref: 'refs/heads/main', from, to, who: 'ada', subject: 'x' }
    const each = Array.from({ length: 10 }, async (_, nth) => {
      const store = stores[nth % 2] ?? assert.fail()
      const world = { store, moved: async () => null, tell: () => assert.fail('no run was ordered') }
      await takePush(world, { ...push, door: nth % 2 === 0 ? 'git' : 'found' }, silentRelay())
    })
    await Promise.all(each)
  }
  await take(a, b)
  await take(b, a)
  await take(a, b)
  const asides = (await stores[0]?.ledger.asides({ about: 'shop', before: null, limit: 99 })) ?? []
  assert.deepEqual(
    asides.map((aside) => aside.type === 'pushed' && [aside.from, aside.to]),
    [
      [a, b],
      [b, a],
      [a, b],
    ],
  )
})
