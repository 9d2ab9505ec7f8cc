import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { troubleOf } from '../../change/trouble.ts'
import { type CacheKey, cacheKey } from './cache-key.ts'
import { type Caches, findCache, keepCache, layCache } from './caches.ts'
import { TooLargeError } from '../tar.ts'

const keyOf = (letter: string): CacheKey => ({ own: letter.repeat(64), found: [letter.repeat(64)] })

type Room = Readonly<{ root: string; caches: Caches; fill: (name: string, bytes: number) => Promise<string> }>

async function inRoom(play: (room: Room) => Promise<void>, mostBytes = 1e8): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'tandem-caches-'))
  try {
    await play({
      root,
      caches: { dir: join(root, 'caches'), mostBytes },
      fill: async (name, bytes) => {
        const folder = join(root, name)
        await mkdir(folder, { recursive: true })
        await writeFile(join(folder, 'file'), 'x'.repeat(bytes))
        return folder
      },
    })
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

void test('what is kept comes back as it was: modes, links, empty folders, names', () =>
  inRoom(async ({ root, caches, fill }) => {
    const folder = await fill('deps', 10)
    await mkdir(join(folder, '-x', 'empty'), { recursive: true })
    await writeFile(join(folder, '-x', 'näme\n'), '')
    await chmod(join(folder, 'file'), 0o4755)
    await symlink('/etc/passwd', join(folder, 'link'))
    await keepCache(caches, keyOf('a'), folder)
    const found = await findCache(caches, keyOf('a'))
    assert.ok(found !== null)
    assert.equal(await layCache(found, join(root, 'laid'), Date.now()), true)
    const names = readdirSync(join(root, 'laid'), { recursive: true }).map(String)
    assert.deepEqual(names.toSorted(), ['-x', '-x/empty', '-x/näme\n', 'file', 'link'])
    // A program that runs as its owner would run as the hub while it is not yet given away.
    assert.equal(statSync(join(root, 'laid', 'file')).mode & 0o7777, 0o755)
  }))

void test('a damaged cache is found, used by nobody, and gone', () =>
  inRoom(async ({ root, caches, fill }) => {
    await keepCache(caches, keyOf('a'), await fill('deps', 100_000))
    const whole = await findCache(caches, keyOf('a'))
    assert.ok(whole !== null)
    const bytes = readFileSync(whole.path)
    const flipped = Buffer.from(bytes)
    flipped[50_000] = 0x79
    const damages = {
      flipped,
      cut: bytes.subarray(0, 60_000),
      other: Buffer.from('no tar'),
      empty: Buffer.alloc(0),
    }
    for (const [name, damaged] of Object.entries(damages)) {
      await writeFile(whole.path, damaged)
      assert.equal(await layCache(whole, join(root, name), Date.now()), false, name)
      assert.ok(!existsSync(join(root, name)) && !existsSync(whole.path), name)
    }
    assert.equal(await findCache(caches, keyOf('a')), null)
  }))

void test('what was not used for longest makes room', () =>
  inRoom(async ({ root, caches, fill }) => {
    for (const [at, letter] of ['a', 'b', 'c'].entries()) {
      await keepCache(caches, keyOf(letter), await fill(letter, 100_000))
      const found = await findCache(caches, keyOf(letter))
      await utimes(found?.path ?? '', at + 1, at + 1)
    }
    const oldest = await findCache(caches, keyOf('a'))
    assert.ok(oldest !== null)
    await layCache(oldest, join(root, 'laid'), Date.now())
    await keepCache(caches, keyOf('d'), await fill('d', 100_000))
    const there = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (letter) => (await findCache(caches, keyOf(letter))) !== null),
    )
    assert.deepEqual(there, [true, false, true, true])
  }, 350_000))

void test('one that would take most of the room is not kept, and leaves nothing', () =>
  inRoom(async ({ caches, fill }) => {
    await keepCache(caches, keyOf('a'), await fill('small', 10_000))
    await assert.rejects(keepCache(caches, keyOf('b'), await fill('large', 200_000)), TooLargeError)
    assert.equal(readdirSync(caches.dir).length, 1)
    assert.ok((await findCache(caches, keyOf('a'))) !== null)
  }, 300_000))

void test('many may keep and read one name at a time, and one that died in the middle is swept', () =>
  inRoom(async ({ root, caches, fill }) => {
    await mkdir(caches.dir, { recursive: true })
    const dead = join(caches.dir, 'part-1-dead')
    await writeFile(dead, 'half')
    await truncate(dead, 2)
    await utimes(dead, 1, 1)
    const folder = await fill('deps', 50_000)
    await Promise.all(
      Array.from({ length: 6 }, async (_, nth) => {
        await keepCache(caches, keyOf('a'), folder)
        const found = await findCache(caches, keyOf('a'))
        assert.ok(found !== null)
        assert.equal(await layCache(found, join(root, `laid${nth}`), Date.now()), true)
      }),
    )
    assert.equal(readdirSync(caches.dir).length, 1)
  }))

void test('a name changes with all that its content depends on', () =>
  inRoom(async ({ root }) => {
    await writeFile(join(root, 'lock'), 'one')
    const owner = {
      run: { repo: 'shop', ref: 'refs/heads/side' },
      spec: { matrix: {}, from: 'ci/test' },
      host: null,
      isTrusted: false,
    }
    const what = { folder: 'deps', by: ['lock'] }
    const first = await cacheKey(root, what, owner)
    const others = await Promise.all([
      cacheKey(root, { ...what, folder: 'other' }, owner),
      cacheKey(root, what, { ...owner, run: { ...owner.run, repo: 'other' } }),
      cacheKey(root, what, { ...owner, run: { ...owner.run, ref: 'refs/heads/other' } }),
      cacheKey(root, what, { ...owner, spec: { ...owner.spec, matrix: { node: '24' } } }),
      cacheKey(root, what, { ...owner, host: 'b1' }),
      cacheKey(root, what, { ...owner, isTrusted: true }),
    ])
    await writeFile(join(root, 'lock'), 'two')
    const changed = await cacheKey(root, what, owner)
    assert.equal(new Set([first, ...others, changed].map(({ own }) => own)).size, 8)
    await symlink('/etc/hostname', join(root, 'leads-out'))
    await assert.rejects(cacheKey(root, { ...what, by: ['leads-out'] }, owner), /by a link/)
    const missing = await cacheKey(root, { ...what, by: ['none'] }, owner).catch(troubleOf)
    assert.match(JSON.stringify(missing), /named by none, and the commit has no such file.*ci\/test/)
  }))
