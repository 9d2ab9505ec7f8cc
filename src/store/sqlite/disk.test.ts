import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { TroubleError, troubleOf } from '../../change/trouble.ts'
import { elsewhere, noon, note, orderOf } from '../conformance/world.ts'
import { openStore } from '../open.ts'
import type { Store } from '../store.ts'

async function inFolder(play: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-disk-'))
  try {
    await play(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function withStore(folder: string, play: (store: Store) => Promise<void>): Promise<void> {
  const store = await openStore(folder)
  try {
    await play(store)
  } finally {
    await store.close()
  }
}

const order = (store: Store): Promise<string> => store.ledger.order(orderOf('x'), noon, elsewhere(1))

/** Writes four notes, some hundred bytes apart, so that a byte can be found and altered. */
const writeSome = (folder: string): Promise<void> =>
  withStore(folder, async (store) => {
    const change = await order(store)
    await store.ledger.append(change, ['one', 'two', 'three', 'four'].map(note), noon, null)
  })

async function troubleOnOpen(folder: string): Promise<TroubleError['trouble']> {
  const thrown = await openStore(folder).then(
    (store) => store.close(),
    (error: unknown) => error,
  )
  assert.ok(thrown instanceof TroubleError, `opening should throw a trouble, not ${String(thrown)}`)
  return thrown.trouble
}

test('makes its folder and files for their owner alone', () =>
  inFolder(async (parent) => {
    const folder = join(parent, 'deep', 'state')
    await withStore(folder, async () => {
      assert.equal((await stat(folder)).mode & 0o777, 0o700)
      for (const file of ['tandem.db', 'tandem.db-wal', 'log.db', 'log.db-wal']) {
        assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600, file)
      }
    })
  }))

/** The files of a folder that this process has open; none where the system does not tell. */
async function openFilesIn(folder: string): Promise<readonly string[]> {
  const numbers = await readdir('/proc/self/fd').catch(() => [])
  const files = await Promise.all(
    numbers.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => '')),
  )
  return files.filter((file) => file.startsWith(folder))
}

for (const file of ['tandem.db', 'log.db']) {
  test(`names ${file} and what to do when it is garbage`, () =>
    inFolder(async (folder) => {
      await writeFile(join(folder, file), 'garbage '.repeat(1000))
      const trouble = await troubleOnOpen(folder)
      assert.match(trouble.what, /not a store/)
      assert.equal(trouble.where, join(folder, file))
      assert.match(trouble.now, /move the file away/)
      assert.deepEqual(await openFilesIn(folder), [])
    }))
}

test('says where the store cannot be made', () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, 'state'), 'a file where a folder should be')
    const trouble = await troubleOnOpen(join(folder, 'state'))
    assert.match(trouble.what, /cannot be made/)
    assert.equal(trouble.where, join(folder, 'state', 'tandem.db'))
  }))

test('refuses a database that another program made', () =>
  inFolder(async (folder) => {
    const foreign = new DatabaseSync(join(folder, 'tandem.db'))
    foreign.exec('create table customers (name text)')
    foreign.close()
    assert.match((await troubleOnOpen(folder)).what, /another program/)
  }))

test('refuses a schema that is newer than it knows, and says to upgrade', () =>
  inFolder(async (folder) => {
    await writeSome(folder)
    const file = new DatabaseSync(join(folder, 'tandem.db'))
    file.exec('pragma user_version = 99')
    file.close()
    const trouble = await troubleOnOpen(folder)
    assert.match(trouble.what, /schema 99/)
    assert.match(trouble.now, /upgrade/)
  }))

test('says that the store is damaged when its pages are overwritten', () =>
  inFolder(async (folder) => {
    await writeSome(folder)
    const path = join(folder, 'tandem.db')
    const bytes = await readFile(path)
    await writeFile(path, bytes.fill(0xff, 4096))
    const store = await openStore(folder).catch((error: unknown) => error)
    const thrown =
      store instanceof Error
        ? store
        : await (store as Store).ledger.since(0, 9).catch((error: unknown) => error)
    if (!(store instanceof Error)) await (store as Store).close()
    assert.match(troubleOf(thrown).what, /damaged/)
    assert.equal(troubleOf(thrown).where, path)
  }))

test('finds a single flipped bit in an entry', () =>
  inFolder(async (folder) => {
    await writeSome(folder)
    const path = join(folder, 'tandem.db')
    const bytes = await readFile(path)
    const at = bytes.indexOf('"text":"three"') + 8
    bytes[at] = (bytes[at] ?? 0) ^ 1
    await writeFile(path, bytes)
    await withStore(folder, async (store) => {
      const { entries, bad } = await store.ledger.verify()
      assert.equal(entries, 3)
      assert.deepEqual(bad, { seq: 4, why: 'it was altered after it was written' })
    })
  }))

/** Plays on a file system of three megabytes. */
async function onSmallDisk(play: (folder: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tandem-test', folder])
    assert.equal(mounted.status, 0, String(mounted.stderr))
    try {
      await play(folder)
    } finally {
      spawnSync('umount', [folder])
    }
  })
}

/** Appends until the disk is full; gives what was acknowledged and what was thrown. */
async function fill(store: Store, change: string): Promise<Readonly<{ written: number; thrown: unknown }>> {
  for (let written = 0; written < 1000; written += 1) {
    const pair = [note('x'.repeat(5_000)), note('y'.repeat(5_000))]
    const thrown = await store.ledger.append(change, pair, noon, null).then(
      () => null,
      (error: unknown) => error,
    )
    if (thrown !== null) return { written, thrown }
  }
  throw new Error('the disk did not fill')
}

const mayMount = process.platform === 'linux' && process.getuid?.() === 0

test(
  'says that the disk is full, writes nothing by halves, and goes on when there is room',
  { skip: mayMount ? false : 'mounting a small file system needs root on Linux' },
  () =>
    onSmallDisk(async (folder) => {
      const ballast = join(folder, 'ballast')
      await writeFile(ballast, 'b'.repeat(1_500_000))
      await withStore(folder, async (store) => {
        const change = await order(store)
        const { written, thrown } = await fill(store, change)
        assert.match(troubleOf(thrown).what, /disk is full/)
        assert.equal(troubleOf(thrown).where, join(folder, 'tandem.db'))
        assert.deepEqual((await store.ledger.verify()).bad, null)
        assert.equal(await store.ledger.lastSeq(), 1 + 2 * written)
        await rm(ballast)
        await store.ledger.append(change, [note('there is room again')], noon, null)
      })
      await withStore(folder, async (store) => assert.equal((await store.ledger.verify()).bad, null))
    }),
)

test(
  'says that the disk is full when it cannot even open the store',
  { skip: mayMount ? false : 'mounting a small file system needs root on Linux' },
  () =>
    onSmallDisk(async (folder) => {
      await writeSome(folder)
      await writeFile(join(folder, 'ballast'), 'b'.repeat(4_000_000)).catch(() => null)
      const trouble = await troubleOnOpen(folder)
      assert.match(trouble.what, /disk is full/)
      assert.equal(trouble.where, join(folder, 'tandem.db'))
    }),
)
