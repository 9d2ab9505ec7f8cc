import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import { Database } from './database.ts'
import { logSchema } from './schema.ts'
import { openSqliteFile } from './file.ts'

async function onDatabase(
  play: (database: Database, file: DatabaseSync, path: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-database-'))
  const path = join(folder, 'log.db')
  const file = await openSqliteFile(path, 'full', logSchema)
  const database = new Database(file, path)
  try {
    await play(database, file, path)
  } finally {
    await database.close()
    await rm(folder, { recursive: true })
  }
}

const insertion = (database: Database): ((change: number) => Promise<number>) => {
  const insert = database.command('insert into counts (change, lines) values (?, 1)')
  return (change) => database.write(() => insert(change))
}

test('writes what one turn asks for in one transaction, and what comes later in the next', () =>
  onDatabase(async (database) => {
    const insert = insertion(database)
    const before = database.pulse()
    const afterTicks = async (ticks: number): Promise<void> => {
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve()
      await insert(ticks + 1)
    }
    await Promise.all(Array.from({ length: 50 }, (_, index) => afterTicks(index)))
    assert.equal(database.pulse(), before + 1)
    await insert(51)
    assert.equal(database.pulse(), before + 2)
  }))

test('undoes only the job that throws, whole', () =>
  onDatabase(async (database) => {
    const insert = database.command('insert into counts (change, lines) values (?, 1)')
    const failing = database.write(() => {
      insert(2)
      throw new Error('half way')
    })
    const outcomes = await Promise.allSettled([
      database.write(() => insert(1)),
      failing,
      database.write(() => insert(3)),
    ])
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    const rows = database.query<{ change: number }>('select change from counts order by change').all()
    assert.deepEqual(
      rows.map((row) => row.change),
      [1, 3],
    )
  }))

test('flushes every commit of a file that must be durable, and not of one that need not', () =>
  onDatabase(async (_database, file, path) => {
    const relaxed = await openSqliteFile(path, 'normal', logSchema)
    assert.deepEqual({ ...file.prepare('pragma synchronous').get() }, { synchronous: 2 })
    assert.deepEqual({ ...relaxed.prepare('pragma synchronous').get() }, { synchronous: 1 })
    assert.deepEqual({ ...file.prepare('pragma journal_mode').get() }, { journal_mode: 'wal' })
    relaxed.close()
  }))

test('waits for another writer, and leaves this process free meanwhile', () =>
  onDatabase(async (database, _file, path) => {
    const other = await openSqliteFile(path, 'full', logSchema)
    other.exec('begin immediate')
    const writing = insertion(database)(1)
    let turns = 0
    const ticking = setInterval(() => (turns += 1), 5)
    while (turns <= 10) await new Promise((resolve) => setTimeout(resolve, 20))
    clearInterval(ticking)
    other.exec('commit')
    other.close()
    assert.equal(await writing, 1)
  }))

test('tells of a full disk for every write of the transaction, and writes again when there is room', () =>
  onDatabase(async (database, file, path) => {
    const insert = database.command('insert into lines (change, at, step, text) values (1, 1, ?, ?)')
    const pages = Number(file.prepare('pragma page_count').get()?.['page_count'])
    file.exec(`pragma max_page_count = ${pages + 2}`)
    const outcomes = await Promise.allSettled([
      database.write(() => insert('small', 'x')),
      database.write(() => insert('large', 'x'.repeat(100_000))),
    ])
    for (const outcome of outcomes) {
      assert.ok(outcome.status === 'rejected' && outcome.reason instanceof TroubleError)
      assert.match(outcome.reason.trouble.what, /disk is full/)
      assert.equal(outcome.reason.trouble.where, path)
    }
    file.exec('pragma max_page_count = 1000')
    await database.write(() => insert('large', 'x'.repeat(100_000)))
    assert.equal(database.query('select * from lines').all().length, 1)
  }))

test('says so when more writes wait than it will hold', () =>
  onDatabase(async (database) => {
    const writes = Array.from({ length: 20_001 }, () => database.write(() => null))
    const last = writes.pop()
    await assert.rejects(last ?? Promise.resolve(), /20000 writes wait/)
    await Promise.all(writes)
  }))
