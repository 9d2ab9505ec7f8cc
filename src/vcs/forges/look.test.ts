import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import { type Followed, look, type Sight } from './look.ts'
import { openSmallForge, type SmallForge } from './small-forge.ts'

const never = new AbortController().signal

test('the first look fetches branches and tags; later looks find what moved, came and went', async () => {
  await using world = await lookWorld()
  const first = world.forge.commit('refs/heads/main', { 'a.txt': '1' })
  world.forge.git('update-ref', 'refs/pull/1/head', first)
  const began = await world.look()
  assert.deepEqual([began.isFirst, began.moves.length, began.refused], [true, 2, []])
  assert.equal(world.has('refs/heads/main'), first)
  assert.equal(world.has('refs/pull/1/head'), null)
  assert.deepEqual((await world.look()).moves, [])

  const second = world.forge.commit('refs/heads/main', { 'a.txt': '2' })
  const fork = world.forge.commit('refs/pull/2/head', { 'a.txt': '3' })
  world.forge.git('update-ref', 'refs/heads/x;id', second)
  assert.deepEqual(byRef(await world.look()), {
    'refs/heads/main': [first, second],
    'refs/heads/x;id': [null, second],
    'refs/pull/2/head': [null, fork],
  })
  world.forge.git('update-ref', '-d', 'refs/heads/x;id')
  world.forge.git('update-ref', 'refs/heads/x;id/below', first)
  const moved = await world.look()
  assert.deepEqual(byRef(moved), {
    'refs/heads/x;id': [second, null],
    'refs/heads/x;id/below': [null, first],
  })
  assert.deepEqual([world.has('refs/heads/x;id'), world.has('refs/heads/x;id/below')], [null, first])
})

test('what was not kept is found again', async () => {
  await using world = await lookWorld()
  world.forge.commit('refs/heads/main', { 'a.txt': '1' })
  await world.look()
  world.forge.commit('refs/heads/main', { 'a.txt': '2' })
  const lost = await look(world.followed, never)
  assert.equal(lost.moves.length, 1)
  assert.deepEqual((await world.look()).moves, lost.moves)
  assert.deepEqual((await world.look()).moves, [])
})

test('a forced push and a repository that begins anew are followed', async () => {
  await using world = await lookWorld()
  world.forge.commit('refs/heads/main', { 'a.txt': '1' })
  await world.look()
  world.forge.git('update-ref', '-d', 'refs/heads/main')
  const anew = world.forge.commit('refs/heads/main', { 'b.txt': '1' }, 'Begin anew')
  await world.look()
  assert.equal(world.has('refs/heads/main'), anew)
})

test('its branch that is shown first is ours', async () => {
  await using world = await lookWorld()
  world.forge.commit('refs/heads/trunk', { 'a.txt': '1' })
  world.forge.git('symbolic-ref', 'HEAD', 'refs/heads/trunk')
  await world.look()
  assert.equal(world.git('symbolic-ref', 'HEAD'), 'refs/heads/trunk')
})

test('a request that is too large keeps nobody from the others, and is not tried again until it moves', async () => {
  await using world = await lookWorld({ largestBytes: 200_000 })
  world.forge.commit('refs/heads/main', { 'a.txt': '1' })
  await world.look()
  const noise = Array.from({ length: 60 }, () => randomBytes(60_000).toString('base64'))
  world.forge.commit('refs/pull/7/head', Object.fromEntries(noise.map((text, nth) => [`n${nth}`, text])))
  const second = world.forge.commit('refs/heads/main', { 'a.txt': '2' })
  const sight = await world.look()
  assert.equal(world.has('refs/heads/main'), second)
  assert.deepEqual(sight.refused, [{ ref: 'refs/pull/7/head', why: 'it is larger than 200000 bytes' }])
  assert.deepEqual(byRef(sight)['refs/pull/7/head'], undefined)
  assert.deepEqual((await world.look()).refused, [])
  const packs = await readdir(join(world.followed.dir, 'objects', 'pack')).catch(() => [])
  assert.deepEqual(
    packs.filter((name) => name.startsWith('tmp_')),
    [],
  )
})

test('a forge that is down, or refuses our token, is a trouble that says what to do', async () => {
  await using world = await lookWorld({ token: 'the-right-token' })
  world.forge.commit('refs/heads/main', { 'a.txt': '1' })
  await world.look()
  world.forge.setDown(true)
  await assert.rejects(world.look(), (thrown) => {
    assert.ok(thrown instanceof TroubleError)
    assert.equal(thrown.trouble.what, `cannot fetch from ${world.followed.forge.url}`)
    return true
  })
  world.forge.setDown(false)
  const wrong = { ...world.followed, token: 'a-wrong-token' }
  await assert.rejects(look(wrong, never), (thrown) => {
    assert.ok(thrown instanceof TroubleError)
    assert.match(thrown.trouble.now, /forge\.token/)
    assert.doesNotMatch(JSON.stringify(thrown.trouble), /a-wrong-token/)
    return true
  })
  assert.deepEqual((await world.look()).moves, [])
})

const byRef = ({ moves }: Sight) => Object.fromEntries(moves.map(({ ref, from, to }) => [ref, [from, to]]))

type LookWorld = AsyncDisposable &
  Readonly<{
    forge: SmallForge
    followed: Followed
    /** A look whose moves are written down. */
    look: () => Promise<Sight>
    git: (...args: readonly string[]) => string
    has: (ref: string) => string | null
  }>

async function lookWorld(given: Partial<Pick<Followed, 'token' | 'largestBytes'>> = {}): Promise<LookWorld> {
  const { token = null, largestBytes = 1e9 } = given
  const forge = await openSmallForge('gitea', token)
  const dir = await mkdtemp(join(tmpdir(), 'tandem-followed-'))
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  git('init', '--quiet', '--bare')
  const where = { kind: 'gitea' as const, url: forge.url, clone: `${forge.url}.git` }
  const followed = { forge: where, token, dir, largestBytes }
  return {
    forge,
    followed,
    git,
    look: async () => {
      const sight = await look(followed, never)
      await sight.keep()
      return sight
    },
    has: (ref) => {
      try {
        return git('rev-parse', '--verify', '--quiet', '--end-of-options', ref).replace(
          /^--end-of-options\n/,
          '',
        )
      } catch {
        return null
      }
    },
    [Symbol.asyncDispose]: async () => {
      await forge[Symbol.asyncDispose]()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
