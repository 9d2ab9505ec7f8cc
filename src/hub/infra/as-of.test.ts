import assert from 'node:assert/strict'
import { readdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import { tryInfra } from './try-infra.ts'

const trouble = (what: RegExp) => (thrown: unknown) =>
  thrown instanceof TroubleError && what.test(`${thrown.trouble.what} ${thrown.trouble.now}`)

test('an apply of a commit does what that commit says, whatever lies in the folder', async (t) => {
  const { commit, team, apply, made, dir, git, store } = await tryInfra(t)
  const one = await commit({ 'tandem.ts': team('one') })
  await commit({ 'tandem.ts': team('two') })
  await git('branch', 'last-week', one)
  await writeFile(join(dir, 'tandem.ts'), team('three'))
  const { change, status } = await apply('last-week')
  assert.deepEqual([status, await made()], ['done', 'one'])
  const [ordered] = await store.ledger.of(change)
  assert.deepEqual(ordered?.type === 'ordered' && ordered.order.wish, {
    do: 'recipes',
    on: ['here'],
    seen: null,
    drift: false,
    commit: one,
  })
})

test('and is taken back like any other', async (t) => {
  const { commit, team, apply, made, revert } = await tryInfra(t)
  await apply(await commit({ 'tandem.ts': team('one') }))
  const { change } = await apply(await commit({ 'tandem.ts': team('two') }))
  await revert(change)
  assert.equal(await made(), 'one')
})

test('recipes below the top of their repository are those of the commit, with what lies beside them', async (t) => {
  const { commit, team, plan, apply, made, git, dir } = await tryInfra(t, 'ops')
  const early = await git('rev-parse', 'HEAD')
  await git('rm', '--quiet', 'tandem.ts')
  const text = "import { text } from './text.ts'\n" + team('TEXT').replace("'TEXT'", 'text')
  const one = await commit({ 'ops/tandem.ts': text, 'ops/text.ts': "export const text = 'one'\n" })
  await commit({ 'ops/text.ts': "export const text = 'two'\n" })
  assert.equal((await plan(one)).title, `apply ${one.slice(0, 7)} to here: 1 to make`)
  assert.deepEqual([(await apply(one)).status, await made()], ['done', 'one'])
  assert.deepEqual([(await apply(early)).status, await made()], ['done', 'none'], 'as it was before it moved')
  const astray = await commit({ 'ops/tandem.ts': 'export default {' })
  await assert.rejects(plan(astray), trouble(/./), 'a broken one is not passed over')
  await git('rm', '--quiet', 'ops/tandem.ts')
  await assert.rejects(plan(await commit({ note: join(dir, 'ops') })), trouble(/tandem\.ts/))
})

test('the plan of a commit names it, and does nothing', async (t) => {
  const { commit, team, plan, made } = await tryInfra(t)
  const one = await commit({ 'tandem.ts': team('one') })
  const planned = await plan(one)
  assert.equal(planned.title, `apply ${one.slice(0, 7)} to here: 1 to make`)
  assert.equal(await made(), null)
})

test('what nobody has agreed to runs no command of its own, and sends the hub nowhere', async (t) => {
  const { commit, team, plan, place, git, apply } = await tryInfra(t)
  const resources = `exec('mark', { command: ['true'], check: ['touch', '${place}/checked'] })`
  const hosts = "evil: { address: 'root@192.0.2.1' }"
  await git('checkout', '--quiet', '-b', 'idea')
  await commit({ 'tandem.ts': team('one', { resources, hosts }) })
  await git('checkout', '--quiet', 'main')
  const planned = await plan('idea')
  assert.deepEqual(planned.warnings, [
    'evil is new and left out: the hub goes there when this commit is on a protected branch',
  ])
  assert.ok(planned.lines.some(({ text }) => /its check is asked when its turn comes/.test(text)))
  assert.deepEqual(await readdir(place), [])
  await git('checkout', '--quiet', 'idea')
  const agreed = await commit({ 'tandem.ts': team('one', { resources }) })
  assert.deepEqual((await plan(agreed)).warnings, [])
  assert.deepEqual(await readdir(place), ['checked'])
  assert.equal((await apply(agreed)).status, 'done')
})

test('links that lead out of the repository are refused', async (t) => {
  const { commit, dir, plan, git } = await tryInfra(t)
  await symlink('/etc/hostname', join(dir, 'name'))
  const bad = await commit({ note: 'look at this' })
  await assert.rejects(plan(bad), trouble(/name is a link to nothing in the repository/))
  await git('rm', '--quiet', 'name')
  await symlink('note', join(dir, 'name'))
  await plan(await commit({ note: 'look at that' }))
})

test('what is misspelt or broken says so before anything is looked at', async (t) => {
  const { commit, plan } = await tryInfra(t)
  await assert.rejects(plan('mian'), trouble(/there is no commit called mian did you mean main\?/))
  const broken = await commit({ 'tandem.ts': 'export default { hosts: { here: { vai: 1 } } }' })
  await assert.rejects(plan(broken), trouble(/hosts\.here has no 'address'/))
})

test('only a few commits stay checked out', async (t) => {
  const { commit, plan, dir, team } = await tryInfra(t)
  for (let nth = 0; nth < 24; nth++) await plan(await commit({ 'tandem.ts': team(`text ${nth}`) }))
  const kept = await readdir(join(dir, '.tandem/commits'))
  assert.equal(kept.length, 20)
  assert.equal((await stat(join(dir, '.tandem/commits'))).mode & 0o777, 0o700)
})
