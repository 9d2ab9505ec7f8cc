import assert from 'node:assert/strict'
import type { Cases } from './conformance.ts'
import { noon } from './world.ts'
import type { LogLine } from '../store.ts'

const line = (change: string, text: string): Omit<LogLine, 'seq'> => ({
  change,
  at: noon,
  step: 'switch h1',
  host: 'h1',
  text,
})

export const keepingCases: Cases = {
  'keeps what steps print, per change and all together': async (store) => {
    await store.log.append([line('c1', 'a'), line('c2', 'b'), line('c1', 'c')])
    assert.deepEqual(await store.log.of('c1', 0, 9), [
      { seq: 1, ...line('c1', 'a') },
      { seq: 3, ...line('c1', 'c') },
    ])
    assert.deepEqual(
      (await store.log.of('c1', 1, 9)).map((said) => said.text),
      ['c'],
    )
    assert.deepEqual(
      (await store.log.since(1, 1)).map((said) => said.text),
      ['b'],
    )
    assert.equal(await store.log.lastSeq(), 3)
  },

  'says that the rest was left out when a change prints too much': async (store) => {
    const many = Array.from({ length: 20_005 }, (_, index) => line('c1', String(index)))
    await store.log.append(many)
    await store.log.append([line('c1', 'more'), line('c2', 'another change')])
    const kept = await store.log.of('c1', 19_998, 99)
    assert.deepEqual(
      kept.map((said) => said.text),
      ['19998', '19999', 'the rest is left out: this change printed more than 20000 lines'],
    )
    assert.equal((await store.log.of('c2', 0, 9)).length, 1)
  },

  'cuts a line that is too long and says how much is missing': async (store) => {
    await store.log.append([line('c1', 'x'.repeat(8_010))])
    const [said] = await store.log.of('c1', 0, 1)
    assert.equal(said?.text, `${'x'.repeat(8_000)}… (10 characters left out)`)
  },

  'forgets what the oldest changes printed, and gives no number twice': async (store) => {
    for (let number = 1; number <= 1_002; number += 1) await store.log.append([line(`c${number}`, 'hello')])
    assert.deepEqual(await store.log.of('c2', 0, 9), [])
    assert.equal((await store.log.of('c3', 0, 9)).length, 1)
    assert.equal(await store.log.lastSeq(), 1_002)
  },

  'knows a person by the secret of a token, and keeps the secret nowhere': async (store) => {
    const { token, secret } = await store.tokens.create('ada', 'laptop', noon, null)
    assert.match(secret, /^tdm_[A-Za-z0-9_-]{43}$/)
    assert.deepEqual(await store.tokens.check(secret, noon + 1), { ...token, lastUsedAt: noon + 1 })
    assert.equal(await store.tokens.check(`${secret}x`, noon), null)
    assert.equal(await store.tokens.check('', noon), null)
    assert.ok(!JSON.stringify(await store.tokens.list()).includes(secret.slice(4)))
  },

  'lets a token expire and be revoked': async (store) => {
    const { token, secret } = await store.tokens.create('ada', 'laptop', noon, noon + 100)
    assert.deepEqual(await store.tokens.check(secret, noon + 99), { ...token, lastUsedAt: noon + 99 })
    assert.deepEqual(await store.tokens.check(secret, noon + 100), { expiredAt: noon + 100 })
    assert.equal(await store.tokens.revoke(token.id), true)
    assert.equal(await store.tokens.revoke(token.id), false)
    assert.equal(await store.tokens.check(secret, noon + 1), null)
  },

  'notes the use of a token at most once a minute': async (store) => {
    const { secret } = await store.tokens.create('ada', 'laptop', noon, null)
    const used = async (at: number): Promise<number | null | undefined> => {
      await store.tokens.check(secret, at)
      return (await store.tokens.list())[0]?.lastUsedAt
    }
    assert.equal(await used(noon + 1), noon + 1)
    assert.equal(await used(noon + 60_000), noon + 1)
    assert.equal(await used(noon + 60_001), noon + 60_001)
  },

  'keeps records by room and key': async (store, again) => {
    const value = { list: [1, 'two', null], deep: { yes: true } }
    await store.records.put('releases', 'b', value)
    await store.records.put('releases', 'a', 1)
    await store.records.put('releases', 'a', 2)
    await store.records.put('flags', 'a', null)
    const other = await again()
    assert.deepEqual(await other.records.list('releases'), [
      { key: 'a', value: 2 },
      { key: 'b', value },
    ])
    assert.equal(await other.records.get('flags', 'a'), null)
    await other.records.remove('releases', 'a')
    assert.equal(await store.records.get('releases', 'a'), undefined)
  },

  'keeps a record as it was when it was put': async (store) => {
    const value = { release: 'old' }
    const put = store.records.put('releases', 'shop', value)
    value.release = 'new'
    await put
    assert.deepEqual(await store.records.get('releases', 'shop'), { release: 'old' })
  },
}
