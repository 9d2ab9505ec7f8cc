import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { migrate, type Schema } from './schema.ts'

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
