import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { git } from '../git.ts'
import { repoDir } from '../repository.ts'
import { foldLimits } from './fold.ts'
import { makeUpkeep } from './upkeep.ts'

const hourMs = 3_600_000

describe('a repository that nobody tidies up', () => {
  let state = ''
  let dir = ''
  const broken: unknown[] = []
  const must = async (args: readonly string[], input: string | null = null): Promise<string> => {
    const said = await git(dir, args, { input, env: person })
    assert.equal(said.code, 0, said.err)
    return said.out.trim()
  }
  const tidy = async (now = Date.now()): Promise<void> => {
    const upkeep = makeUpkeep({
      stateDir: state,
      now: () => now,
      needed: async () => new Set(),
      broke: (thrown) => void broken.push(thrown),
    })
    await upkeep.tidy(new Map([['shop', { forge: null }]]))
    await upkeep.close()
    assert.deepEqual(broken, [])
  }
  const hashes = () =>
    must(['cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype) %(objectsize)'])
  const packs = async () =>
    (await readdir(join(dir, 'objects/pack'))).filter((name) => name.endsWith('.pack')).length
  before(async () => {
    state = await mkdtemp(join(tmpdir(), 'tandem-upkeep-'))
    dir = repoDir(state, 'shop')
    await mkdir(dir, { recursive: true })
    await must(['init', '--quiet', '--bare'])
  })
  after(() => rm(state, { recursive: true, force: true }))

  test('comes to few packs, and keeps what no ref has any more', async () => {
    const blobs = Array.from({ length: foldLimits.loose + 1 }, (_, nth) => `blob\ndata <<.\n${nth}\n.\n`)
    await must(['-c', 'fastimport.unpackLimit=100000', 'fast-import', '--quiet'], blobs.join(''))
    const tree = await must(['mktree'], '')
    for (let nth = 0; nth < 3; nth += 1) {
      const commit = await must(['commit-tree', '-m', `number ${nth}`, tree])
      await must(['update-ref', `refs/heads/b${nth}`, commit])
    }
    await must(['update-ref', '-d', 'refs/heads/b2'])
    const all = await hashes()
    assert.equal(await packs(), 0)
    await tidy()
    assert.equal(await packs(), 1)
    assert.equal(await hashes(), all)
    assert.match(await must(['count-objects', '-v']), /^count: 0$/m)
    assert.equal(await must(['for-each-ref', '--format=%(refname)']), 'refs/heads/b0\nrefs/heads/b1')
  })

  test('has its many refs in one file', async () => {
    const commit = await must(['rev-parse', 'b0'])
    const wanted = Array.from(
      { length: foldLimits.looseRefs + 1 },
      (_, nth) => `create refs/tags/t${nth} ${commit}\n`,
    )
    await must(['update-ref', '--stdin'], wanted.join(''))
    const before = await must(['for-each-ref'])
    await tidy()
    assert.equal(await must(['for-each-ref']), before)
    assert.deepEqual(await readdir(join(dir, 'refs/tags')), [])
  })

  test('loses what pushes have left that were killed, and not what is pushed just now', async () => {
    const place = join(dir, 'objects/tmp_objdir-incoming-abc')
    const half = join(dir, 'objects/pack/tmp_pack_abc')
    const draft = join(state, 'repos/.new-docs-1')
    const left = [join(place, 'pack'), place, half, draft]
    await mkdir(join(place, 'pack'), { recursive: true })
    await mkdir(draft)
    await writeFile(half, 'half a pack')
    await tidy()
    assert.ok(left.every((path) => existsSync(path)))
    for (const path of left)
      await utimes(path, new Date(Date.now() - 5 * hourMs), new Date(Date.now() - 5 * hourMs))
    await writeFile(join(place, 'pack/still-written'), 'x')
    await tidy()
    assert.deepEqual(
      left.map((path) => existsSync(path)),
      [true, true, false, false],
    )
    await tidy(Date.now() + 5 * hourMs)
    assert.ok(!existsSync(place))
  })

  test('loses what a push has left that was cut a while ago, unless a git is still at work', async () => {
    const place = join(dir, 'objects/tmp_objdir-incoming-cut')
    await mkdir(place)
    const old = new Date(Date.now() - 20 * 60_000)
    await utimes(place, old, old)
    // As receive-pack does: it works in the repository.
    const git = spawn('sleep', ['60'], { cwd: dir, stdio: 'ignore' })
    await once(git, 'spawn')
    await tidy()
    assert.ok(existsSync(place))
    git.kill()
    await once(git, 'exit')
    await tidy()
    assert.ok(!existsSync(place))
  })

  test('is left alone while it is pushed to', async () => {
    const blobs = Array.from({ length: foldLimits.loose + 1 }, (_, nth) => `blob\ndata <<.\nmore ${nth}\n.\n`)
    await must(['-c', 'fastimport.unpackLimit=100000', 'fast-import', '--quiet'], blobs.join(''))
    const place = join(dir, 'objects/incoming-def')
    await mkdir(place)
    await tidy()
    assert.doesNotMatch(await must(['count-objects', '-v']), /^count: 0$/m)
    await rm(place, { recursive: true })
    await tidy()
    assert.match(await must(['count-objects', '-v']), /^count: 0$/m)
  })
})

const person = {
  GIT_AUTHOR_NAME: 'ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
}
