import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { genesis, link } from '../chain.ts'
import { noon, orderOf, pushed } from '../conformance/world.ts'
import { openStore } from '../open.ts'
import { migrate, type Schema, tandemSchema } from './schema.ts'

const first = "create table words (word text); insert into words values ('old')"
const second = 'alter table words add column length integer; update words set length = length(word)'

const schemaOf = (...migrations: readonly string[]): Schema => ({ applicationId: 42, migrations })

async function onFile(play: (open: () => DatabaseSync, path: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-schema-'))
  const path = join(folder, 'some.db')
  const opened: DatabaseSync[] = []
  try {
    play(() => {
      const file = new DatabaseSync(path)
      opened.push(file)
      return file
    }, path)
  } finally {
    for (const file of opened) file.close()
    await rm(folder, { recursive: true })
  }
}

const wordsIn = (file: DatabaseSync): unknown =>
  file
    .prepare('select * from words')
    .all()
    .map((row) => ({ ...row }))

test('brings an older database up step by step, and keeps what is in it', () =>
  onFile((open, path) => {
    migrate(open(), path, schemaOf(first))
    migrate(open(), path, schemaOf(first, second))
    const file = open()
    migrate(file, path, schemaOf(first, second))
    assert.deepEqual(wordsIn(file), [{ word: 'old', length: 3 }])
  }))

test('leaves an older database as it was when a step fails', () =>
  onFile((open, path) => {
    migrate(open(), path, schemaOf(first))
    const failing = schemaOf(first, second, 'create table words (word text)')
    assert.throws(() => migrate(open(), path, failing), /already exists/)
    const file = open()
    migrate(file, path, schemaOf(first))
    assert.deepEqual(wordsIn(file), [{ word: 'old' }])
  }))

test('opens a ledger from before anything was written beside the changes, and goes on in its chain', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-schema-'))
  const path = join(folder, 'tandem.db')
  const file = new DatabaseSync(path)
  migrate(file, path, { ...tandemSchema, migrations: tandemSchema.migrations.slice(0, 1) })
  const first = link({ seq: 0, hash: genesis }, 1, noon, { type: 'ordered', order: orderOf('a') })
  const { seq, change, at, line, prev, hash } = first
  file
    .prepare('insert into entries (seq, change, at, line, prev, hash) values (?, ?, ?, ?, ?, ?)')
    .run(seq, change, at, line, prev, hash)
  file.prepare('update head set seq = ?, hash = ?').run(seq, hash)
  file.exec("insert into changes values (1, 'a', null, 1, 'waiting', 0)")
  file.close()
  const store = await openStore(folder)
  await store.ledger.record('shop', pushed('9f2c'), noon)
  const always = { fromMs: 0, toMs: noon, limit: 9 }
  assert.deepEqual(
    (await store.ledger.marks(always)).map(({ id, orderedAt, endedAt }) => [id, orderedAt, endedAt]),
    [['c1', noon, null]],
  )
  const [aside] = await store.ledger.asides({ about: 'shop', before: null, limit: 1 })
  assert.equal(aside?.prev, hash)
  assert.deepEqual(await store.ledger.verify(), { entries: 2, head: aside.hash, bad: null })
  await store.close()
  await rm(folder, { recursive: true })
})
