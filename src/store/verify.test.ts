import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { elsewhere, noon, note, orderOf, pushed, wholeLife } from './conformance/world.ts'
import { openStore } from './open.ts'
import type { Ledger } from './store.ts'

type Finding = Awaited<ReturnType<Ledger['verify']>>

/** Makes a store with two changes and nine entries, and an aside behind them if wished, does the SQL to its file, and verifies it. */
async function verifiedAfter(sql: string, withAside = false): Promise<Finding> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-verify-'))
  try {
    const store = await openStore(folder)
    await store.ledger.order(orderOf('a'), noon, elsewhere(1))
    await store.ledger.append('c1', wholeLife, noon, null)
    await store.ledger.order(orderOf('b', 'c1'), noon, elsewhere(1))
    await store.ledger.append('c2', ['one', 'two', 'three'].map(note), noon, null)
    if (withAside) await store.ledger.record('shop', pushed('9f2c'), noon)
    const file = new DatabaseSync(join(folder, 'tandem.db'))
    file.function('sha256', (text) => hash('sha256', String(text)))
    try {
      file.exec(sql)
    } finally {
      file.close()
    }
    const finding = await store.ledger.verify()
    await store.close()
    return finding
  } finally {
    await rm(folder, { recursive: true })
  }
}

const unlock = `drop trigger entries_are_not_updated; drop trigger entries_are_not_deleted;
  drop trigger entries_are_appended; drop trigger head_goes_up; drop trigger head_stays;`

/** Two entries exchange these columns. */
const swap = (a: number, b: number, columns: readonly string[]): string => {
  const take = (seq: number): string => {
    const set = columns.map((name) => `${name} = (select ${name} from old where seq = ${a + b - seq})`)
    return `update entries set ${set.join(', ')} where seq = ${seq};`
  }
  return `create temp table old as select * from entries; ${take(a)} ${take(b)}`
}

/** Alters a word of an entry and gives it the hash that fits. */
const forge = (seq: number, from: string, to: string): string =>
  `update entries set line = replace(line, '${from}', '${to}') where seq = ${seq};
  update entries set hash = sha256(prev || char(10) || line) where seq = ${seq};`

const falsifications: readonly Readonly<{ name: string; sql: string; seq: number; why: RegExp }>[] = [
  {
    name: 'a word changed in an entry',
    sql: 'update entries set line = replace(line, \'"one"\', \'"ONE"\') where seq = 7',
    seq: 7,
    why: /altered after it was written/,
  },
  {
    name: 'a changed hash',
    sql: "update entries set hash = '00' where seq = 7",
    seq: 7,
    why: /altered/,
  },
  {
    name: 'a forged entry, at the one that follows it',
    sql: forge(7, 'one', 'ONE'),
    seq: 8,
    why: /does not continue/,
  },
  {
    name: 'a forged last entry, by the record of the end',
    sql: forge(9, 'three', 'THREE'),
    seq: 9,
    why: /not the entry that was written last/,
  },
  {
    name: 'a forged number',
    sql: forge(9, '"seq":9', '"seq":8'),
    seq: 9,
    why: /written as entry 8: entries were reordered/,
  },
  { name: 'a forged entry that is no JSON', sql: forge(9, '{', '('), seq: 9, why: /no JSON/ },
  {
    name: 'an entry given to another change',
    sql: 'update entries set change = 1 where seq = 7',
    seq: 7,
    why: /change was altered from c2 to c1/,
  },
  { name: 'another time', sql: 'update entries set at = at + 1 where seq = 7', seq: 7, why: /time/ },
  {
    name: 'a missing first entry',
    sql: 'delete from entries where seq = 1',
    seq: 2,
    why: /entry 1 is missing/,
  },
  { name: 'a missing entry', sql: 'delete from entries where seq = 4', seq: 5, why: /entry 4 is missing/ },
  {
    name: 'a missing entry with the others moved up',
    sql: `delete from entries where seq = 7;
      update entries set seq = 7 where seq = 8; update entries set seq = 8 where seq = 9`,
    seq: 7,
    why: /does not continue/,
  },
  {
    name: 'two entries that changed places',
    sql: swap(7, 8, ['change', 'at', 'line', 'prev', 'hash']),
    seq: 7,
    why: /does not continue/,
  },
  {
    name: 'two entries whose words changed places',
    sql: swap(7, 8, ['line', 'hash']),
    seq: 7,
    why: /altered/,
  },
  { name: 'a cut tail', sql: 'delete from entries where seq > 7', seq: 8, why: /up to 9 are cut off/ },
  { name: 'a lost last entry', sql: 'delete from entries where seq = 9', seq: 9, why: /up to 9 are cut off/ },
  { name: 'a lost ledger', sql: 'delete from entries', seq: 1, why: /up to 9 are cut off/ },
  {
    name: 'an entry added behind the end',
    sql: `insert into entries select 10, change, at, replace(line, '"seq":9', '"seq":10'), hash, '', about from entries
      where seq = 9; update entries set hash = sha256(prev || char(10) || line) where seq = 10`,
    seq: 10,
    why: /added behind the last entry/,
  },
  {
    name: 'an entry that cannot have happened',
    sql: forge(9, '"text":"three","type":"note"', '"type":"finished"'),
    seq: 9,
    why: /finished cannot happen to a change that is waiting/,
  },
  { name: 'a lost record of the end', sql: 'delete from head', seq: 9, why: /is missing/ },
  {
    name: 'an end that points at another entry',
    sql: "update head set hash = 'ff'",
    seq: 9,
    why: /not the entry that was written last/,
  },
  {
    name: 'a change hidden from recovery',
    sql: "update changes set status = 'done', over = 1 where number = 2",
    seq: 9,
    why: /says that c2 is done, its entries say waiting/,
  },
  {
    name: 'an end taken back in the index',
    sql: "update changes set status = 'running', over = 0 where number = 1",
    seq: 5,
    why: /says that c1 is running, its entries say done/,
  },
  {
    name: 'another target',
    sql: "update changes set target = 'z' where number = 2",
    seq: 6,
    why: /alters the order/,
  },
  {
    name: 'another time of an order',
    sql: 'update changes set ordered_at = 7 where number = 2',
    seq: 6,
    why: /alters when or what c2 was/,
  },
  {
    name: 'another title',
    sql: "update changes set title = 'something else' where number = 1",
    seq: 3,
    why: /alters when or what c1 was/,
  },
  {
    name: 'another time of an end',
    sql: 'update changes set ended_at = 7 where number = 1',
    seq: 5,
    why: /alters when c1 ended/,
  },
  {
    name: 'a change that nobody ordered',
    sql: "insert into changes (number, target, ordered, status, over) values (3, 'a', 9, 'waiting', 0)",
    seq: 9,
    why: /holds 3 of them, and 2 were ordered/,
  },
  {
    name: 'an indexed change gone',
    sql: 'pragma foreign_keys = off; delete from changes where number = 2',
    seq: 6,
    why: /lacks c2/,
  },
]

for (const { name, sql, seq, why } of falsifications) {
  test(`verify finds ${name}`, async () => {
    const { bad } = await verifiedAfter(`${unlock} ${sql}`)
    assert.equal(bad?.seq, seq, `${bad?.why}`)
    assert.match(bad.why, why)
  })
}

const falseAsides: readonly Readonly<{ name: string; sql: string; why: RegExp }>[] = [
  { name: 'a word', sql: forge(10, 'main', 'prod'), why: /not the entry that was written last/ },
  {
    name: 'what it is about',
    sql: "update entries set about = 'till' where seq = 10",
    why: /about was altered from shop to till/,
  },
  {
    name: 'that it is one, to hide it',
    sql: 'update entries set about = null where seq = 10',
    why: /about was altered from shop to nothing/,
  },
  {
    name: 'its change, to give it to one',
    sql: 'update entries set change = 2 where seq = 10',
    why: /change was altered from none to c2/,
  },
]

for (const { name, sql, why } of falseAsides) {
  test(`verify finds an aside in which somebody altered ${name}`, async () => {
    const { bad } = await verifiedAfter(`${unlock} ${sql}`, true)
    assert.equal(bad?.seq, 10, `${bad?.why}`)
    assert.match(bad.why, why)
  })
}

test('verify finds an entry that was made to look like an aside', async () => {
  const hidden = "update entries set change = 0, about = 'shop' where seq = 7"
  assert.match(
    (await verifiedAfter(`${unlock} ${hidden}`)).bad?.why ?? '',
    /change was altered from c2 to none/,
  )
})

test('verify looks at one moment while others go on writing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-verify-'))
  const store = await openStore(folder)
  await store.ledger.order(orderOf('a'), noon, elsewhere(1))
  await store.ledger.append(
    'c1',
    Array.from({ length: 1_999 }, (_, index) => note(`${index}`)),
    noon,
    null,
  )
  const verifying = store.ledger.verify()
  await store.ledger.append('c1', wholeLife, noon, null)
  const { entries, bad } = await verifying
  assert.deepEqual({ entries, bad }, { entries: 2_000, bad: null })
  assert.equal((await store.ledger.verify()).entries, 2_004)
  await store.close()
  await rm(folder, { recursive: true })
})

test('verify finds nothing wrong where nothing was altered', async () => {
  const { entries, bad } = await verifiedAfter(unlock)
  assert.deepEqual({ entries, bad }, { entries: 9, bad: null })
})

for (const sql of [
  "update entries set line = '{}' where seq = 1",
  'delete from entries where seq = 9',
  'insert into entries select 42, change, at, line, prev, hash, about from entries where seq = 1',
  'insert or replace into entries select 9, change, at, line, prev, hash, about from entries where seq = 1',
  'update head set seq = 3',
  'delete from head',
]) {
  test(`the database refuses: ${sql}`, async () => {
    await assert.rejects(verifiedAfter(sql), /append-only/)
  })
}
