import assert from 'node:assert/strict'
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { configReader } from '../../config/reading/keep.ts'
import { openStore } from '../../store/open.ts'
import { prepareRepo, repoDir } from '../../vcs/repository.ts'
import { asOfCommits } from './as-of.ts'
import { followTrunk } from './follow-trunk.ts'
import { gitAs, tryRepo } from './try-infra.ts'

/**
 * A hub whose folder is the project, or one below its top, with the repository `infra`, and somebody who pushes from
 * elsewhere.
 */
async function home(t: TestContext, below = '') {
  const repo = await tryRepo(t)
  const { team, commit } = repo
  const dir = join(repo.dir, below)
  const stateDir = join(dir, '.tandem')
  if (below !== '') await repo.git('rm', '--quiet', 'tandem.ts')
  await commit({ [join(below, 'tandem.ts')]: team('none', { infra: "repo: 'infra'" }) })
  const config = configReader(dir)
  const { infra } = (await config()).repos
  assert.ok(infra !== undefined)
  await prepareRepo(stateDir, 'infra', infra)
  const store = await openStore(stateDir)
  t.after(() => store.close())
  const bare = repoDir(stateDir, 'infra')
  await repo.git('push', '--quiet', bare, 'main')
  const away = join(dir, '../away')
  await gitAs(dir, 'clone', '--quiet', bare, away)
  const push = async (files: Readonly<Record<string, string>>): Promise<string> => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(away, name), text)
    await gitAs(away, 'add', '--all', '--force')
    await gitAs(away, 'commit', '--quiet', '--message', 'Say more')
    await gitAs(away, 'push', '--quiet', 'origin', 'main')
    return gitAs(away, 'rev-parse', 'HEAD')
  }
  const told: string[] = []
  const options = {
    projectDir: dir,
    stateDir,
    kind: 'hub',
    identity: () => Promise.reject(new Error('no')),
  } as const
  const following = followTrunk({
    ...options,
    store,
    config,
    asOf: asOfCommits({ options, config }),
    now: Date.now,
    tell: (line) => void told.push(line),
  })
  const sound = (text: string) => ({ 'tandem.ts': team(text, { infra: "repo: 'infra'" }) })
  const looked = async () => {
    await following.look()
    return following.state()
  }
  return { ...repo, dir, away, push, told, store, following, looked, sound }
}

const none = { commit: null, why: null }

test('a push to the trunk moves it, and one to elsewhere does not', async (t) => {
  const { push, sound, dir, following } = await home(t)
  const to = await push(sound('two'))
  await following.moved({ repo: 'shop', ref: 'refs/heads/main' })
  await following.moved({ repo: 'infra', ref: 'refs/heads/idea' })
  assert.equal(following.state(), null)
  await following.moved({ repo: 'infra', ref: 'refs/heads/main' })
  assert.deepEqual(following.state(), { dir, commit: to, why: null })
})

test('the folder goes on with the trunk, and the ledger says so', async (t) => {
  const { push, looked, sound, dir, git, store, told } = await home(t)
  const from = await git('rev-parse', 'HEAD')
  assert.deepEqual(await looked(), { dir, commit: from, why: null })
  await push(sound('one'))
  const to = await push(sound('two'))
  assert.deepEqual(await looked(), { dir, commit: to, why: null })
  assert.match(await readFile(join(dir, 'tandem.ts'), 'utf8'), /'two'/)
  assert.equal(await git('status', '--porcelain'), '')
  const [aside] = await store.ledger.asides({ about: 'infra', before: null, limit: 5 })
  assert.ok(aside?.type === 'followed' && aside.from === from && aside.to === to)
  assert.equal(told.length, 1)
})

test('it stays where the trunk cannot be read, and goes on when it can', async (t) => {
  const { push, looked, sound, git, told } = await home(t)
  const from = await git('rev-parse', 'HEAD')
  await push({ 'tandem.ts': 'export default { hosts: { here: { vai: 1 } } }' })
  const stays = await looked()
  assert.equal(stays?.commit, from)
  assert.match(stays.why ?? '', /^tandem\.ts:1:27: hosts\.here has no 'address'/)
  await looked()
  assert.equal(told.length, 1, 'the same was told twice')
  const to = await push(sound('two'))
  assert.deepEqual({ ...none, ...(await looked()) }.commit, to)
})

test('what somebody has altered there is not overwritten, and what does not touch it goes on', async (t) => {
  const { push, looked, sound, dir } = await home(t)
  await writeFile(join(dir, 'tandem.ts'), sound('mine')['tandem.ts'])
  await push({ note: 'hello' })
  assert.equal((await looked())?.why, null)
  await push(sound('two'))
  assert.match((await looked())?.why ?? '', /git cannot go on .* would be overwritten/)
  assert.match(await readFile(join(dir, 'tandem.ts'), 'utf8'), /'mine'/)
})

test('commits of its own, another branch and what is no clone are said plainly', async (t) => {
  const { push, looked, sound, dir, git, commit } = await home(t)
  await push(sound('two'))
  await git('checkout', '--quiet', '-b', 'idea')
  assert.equal((await looked())?.why, 'it is on idea, and not on main')
  await git('checkout', '--quiet', 'main')
  await commit({ note: 'mine' })
  assert.match(
    (await looked())?.why ?? '',
    /did not come to main of infra: it is no clone of it, or nobody has pushed it/,
  )
  await rm(join(dir, '.git'), { recursive: true })
  assert.equal((await looked())?.why, 'it is no checkout of a repository with a commit')
})

test('no push puts files where the hub keeps its own', async (t) => {
  const { push, looked, sound, away, dir } = await home(t)
  await push(sound('two'))
  await gitAs(
    away,
    'update-index',
    '--add',
    '--cacheinfo',
    `100644,${await gitAs(away, 'hash-object', '-w', 'tandem.ts')},.tandem/hooks/evil`,
  )
  await gitAs(away, 'commit', '--quiet', '--message', 'Come in')
  await gitAs(away, 'push', '--quiet', 'origin', 'main')
  assert.match((await looked())?.why ?? '', /has files in \.tandem, where the hub keeps its own/)
  await assert.rejects(readFile(join(dir, '.tandem/hooks/evil')), { code: 'ENOENT' })
})

test('hooks and filters of the folder do not run', async (t) => {
  const { push, looked, sound, dir, place, git } = await home(t)
  await git('config', 'filter.evil.smudge', `touch ${place}/filtered; cat`)
  await appendFile(join(dir, '.git/hooks/post-merge'), `#!/bin/sh\ntouch ${place}/hooked\n`, { mode: 0o755 })
  await push({ ...sound('two'), '.gitattributes': '* filter=evil\n', note: 'x' })
  assert.equal((await looked())?.why, null)
  for (const mark of ['filtered', 'hooked'])
    await assert.rejects(readFile(join(place, mark)), { code: 'ENOENT' })
})

test('a folder below the top goes on with its checkout, as long as tandem.ts stays in it', async (t) => {
  const { push, looked, sound, dir, away, git, told } = await home(t, 'ops')
  const two = sound('two')['tandem.ts']
  const to = await push({ 'ops/tandem.ts': two, 'README.md': 'the shop' })
  assert.deepEqual(await looked(), { dir, commit: to, why: null })
  assert.match(await readFile(join(dir, 'tandem.ts'), 'utf8'), /'two'/)
  assert.equal(await readFile(join(dir, '../README.md'), 'utf8'), 'the shop')
  await gitAs(away, 'mv', 'ops/tandem.ts', 'tandem.ts')
  await push({ note: 'moved' })
  assert.match(
    (await looked())?.why ?? '',
    /^[0-9a-f]{7} has no tandem\.ts in ops, where the hub has its own$/,
  )
  assert.equal(await git('rev-parse', 'HEAD'), to)
  assert.equal(told.length, 2)
})
