import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { git } from '../git.ts'
import { prepareRepo, repoDir } from '../repository.ts'
import { prune, pruneLimits } from './prune.ts'
import { makeUpkeep } from './upkeep.ts'

const dayMs = pruneLimits.everyMs
const config = { protect: ['main'], largestBytes: 1e9, mirrors: [], forge: null, jobs: {} } as const

async function repo(t: TestContext, state?: string) {
  const stateDir = state ?? (await mkdtemp(join(tmpdir(), 'tandem-prune-')))
  if (state === undefined) t.after(() => rm(stateDir, { recursive: true, force: true }))
  await prepareRepo(stateDir, 'shop', config)
  const dir = repoDir(stateDir, 'shop')
  const must = async (args: readonly string[], input: string | Uint8Array | null = null): Promise<string> => {
    const said = await git(dir, args, { input, env: person })
    assert.equal(said.code, 0, said.err)
    return said.out.trim()
  }
  /** A commit on nothing, with a file of its own that cannot be packed smaller. */
  const commit = async (bytes = 200_000): Promise<string> => {
    const blob = await must(['hash-object', '-w', '--stdin'], randomBytes(bytes))
    const tree = await must(['mktree'], `100644 blob ${blob}\tfile\n`)
    return must(['commit-tree', '-m', 'one', tree])
  }
  const branch = async (name: string): Promise<string> => {
    const hash = await commit()
    await must(['update-ref', `refs/heads/${name}`, hash])
    return hash
  }
  const isThere = async (hash: string): Promise<boolean> =>
    (await git(dir, ['rev-list', '--objects', '--quiet', hash])).code === 0
  const bytes = async (): Promise<number> => {
    const names = await readdir(join(dir, 'objects'), { recursive: true })
    const stats = await Promise.all(names.map((name) => stat(join(dir, 'objects', name))))
    return stats.reduce((sum, { size }) => sum + size, 0)
  }
  /** So many days from now. */
  const pruned = (days: number, needed: readonly string[] = []): Promise<boolean> =>
    prune({
      dir,
      needed: async () => new Set(needed),
      now: Date.now() + days * dayMs,
      wasteBytes: 100_000,
      signal: new AbortController().signal,
    })
  /** All that lies there was written two days ago. */
  const age = async (): Promise<void> => {
    const at = new Date(Date.now() - 2 * dayMs)
    for (const name of await readdir(join(dir, 'objects'), { recursive: true }))
      await utimes(join(dir, 'objects', name), at, at).catch(() => undefined)
  }
  return { state: stateDir, dir, must, branch, isThere, bytes, pruned, age }
}

test('what nobody needs goes, and what is live, or was before a branch was deleted, stays', async (t) => {
  const { dir, must, branch, isThere, bytes, pruned } = await repo(t)
  const main = await branch('main')
  const [live, gone] = [await branch('live'), await branch('gone')]
  for (const name of ['live', 'gone']) await must(['update-ref', '-d', `refs/heads/${name}`])
  const before = await bytes()
  assert.equal(await pruned(0, [live]), true)
  assert.ok(await isThere(gone), 'what is young stays, whoever needs it')
  assert.equal(await pruned(2, [live, 'f'.repeat(40), 'no hash']), true)
  assert.deepEqual([await isThere(main), await isThere(live), await isThere(gone)], [true, true, false])
  assert.ok((await bytes()) < before - 150_000)
  assert.ok(existsSync(join(dir, 'dropped')), 'it lies aside for a day')
  assert.equal(await pruned(2.5, [live]), false, 'once a day is enough')
  assert.ok(existsSync(join(dir, 'dropped')))
  assert.equal(await pruned(4, [live]), false, 'nothing is left to take out')
  assert.ok(!existsSync(join(dir, 'dropped')))
  await must(['fsck', '--full', '--strict'])
  const shown = execFileSync('git', ['ls-remote', dir], { encoding: 'utf8' })
  assert.doesNotMatch(shown, /refs\/tandem/, 'nobody who fetches is shown what is kept')
  assert.match(await must(['for-each-ref']), /refs\/tandem\/kept/)
  assert.equal(await pruned(6, []), true, 'what is needed no more goes with the next one')
  assert.equal(await isThere(live), false)
})

test('a push that came in between and needs what was taken out gets it back', async (t) => {
  const { dir, must, branch, isThere, pruned } = await repo(t)
  await branch('main')
  const back = await branch('back')
  await must(['update-ref', '-d', 'refs/heads/back'])
  await pruned(2)
  assert.equal(await isThere(back), false)
  // As a receive-pack that had looked before.
  await writeFile(join(dir, 'refs/heads/back'), `${back}\n`)
  await pruned(2.01)
  assert.equal(await isThere(back), true)
  await must(['fsck', '--full', '--strict'])
})

test('nothing goes where nobody can say what is needed, and where it is not worth it', async (t) => {
  const { dir, must, branch, isThere } = await repo(t)
  await branch('main')
  const gone = await branch('gone')
  await must(['update-ref', '-d', 'refs/heads/gone'])
  const signal = new AbortController().signal
  const asked = { dir, now: Date.now() + 2 * dayMs, wasteBytes: 0, signal }
  const needed = () => Promise.reject(new Error('tandem.ts cannot be read'))
  await assert.rejects(prune({ ...asked, needed }), /cannot be read/)
  assert.equal(await isThere(gone), true)
  const none = async () => new Set<string>()
  assert.equal(await prune({ ...asked, needed: none, wasteBytes: 10 ** 9 }), false)
  assert.equal(await isThere(gone), true)
})

test('pushes go on while it is done, and lose nothing', { timeout: 60_000 }, async (t) => {
  const { dir, must, branch, pruned, age } = await repo(t)
  await branch('main')
  const hash = await branch('back')
  const elsewhere = await mkdtemp(join(tmpdir(), 'tandem-pusher-'))
  t.after(() => rm(elsewhere, { recursive: true, force: true }))
  execFileSync('git', ['clone', '--quiet', '--mirror', dir, elsewhere])
  const push = async (move: string): Promise<number> =>
    (await git(elsewhere, ['push', '--quiet', dir, move], { env: { GIT_ALLOW_PROTOCOL: 'file' } })).code
  let taken = 0
  const rounds = 8
  for (let nth = 0; nth < rounds; nth += 1) {
    assert.equal(await push(':refs/heads/back'), 0)
    await age()
    await rm(join(dir, 'tandem-pruned'), { force: true })
    // Earlier and later in the midst of it, the last time after it.
    const pruning = pruned(0)
    const moment = nth === rounds - 1 ? pruning : pause(nth * 40)
    // Whoever is refused pushes again.
    const pushing = moment.then(async () => {
      if ((await push(`${hash}:refs/heads/back`)) !== 0) await push(`${hash}:refs/heads/back`)
    })
    taken += (await pruning) ? 1 : 0
    await pushing
    await pruned(0.1)
    assert.equal(await must(['rev-parse', 'refs/heads/back']), hash)
    await must(['fsck', '--full', '--strict'])
  }
  assert.ok(taken > 0, 'nothing was ever taken out')
})

test('whoever pushes goes first: what is being taken out is left for another time', async (t) => {
  const { state, must, branch, isThere, age } = await repo(t)
  await branch('main')
  const gone = await branch('gone')
  await must(['update-ref', '-d', 'refs/heads/gone'])
  await age()
  const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>()
  const { promise: answer, resolve: go } = Promise.withResolvers<ReadonlySet<string>>()
  const needed = () => {
    isAsked()
    return answer
  }
  const upkeep = makeUpkeep({
    stateDir: state,
    now: Date.now,
    needed,
    broke: (thrown) => assert.fail(String(thrown)),
  })
  const tidying = upkeep.tidy(new Map([['shop', { forge: null }]]))
  await asked
  const way = upkeep.makeWay('shop')
  go(new Set())
  await Promise.all([way, tidying])
  assert.equal(await isThere(gone), true)
  assert.equal(existsSync(join(repoDir(state, 'shop'), 'tandem-pruned')), false, 'it is tried again')
  await upkeep.close()
})

const isRoot = process.getuid?.() === 0

test(
  'a disk without room loses nothing, and says what to do',
  { skip: !isRoot && 'only root mounts' },
  async (t) => {
    const state = await mkdtemp(join(tmpdir(), 'tandem-full-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tandem-test', state])
    t.after(() => {
      execFileSync('umount', [state])
      return rm(state, { recursive: true })
    })
    await mkdir(join(state, 'repos'))
    const { must, branch, isThere, pruned } = await repo(t, state)
    const main = await branch('main')
    const gone = await branch('gone')
    await must(['update-ref', '-d', 'refs/heads/gone'])
    await assert.rejects(pruned(2), /no room to take out what nobody needs of a repository: that takes 1 MiB/)
    assert.deepEqual([await isThere(main), await isThere(gone)], [true, true])
  },
)

const person = {
  GIT_AUTHOR_NAME: 'ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
}
