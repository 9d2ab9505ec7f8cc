import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gitCheckout } from './git-checkout.ts'
import { complaints, lowered } from './try-sort.ts'

test('a checkout is a folder of its user and a command that knows the commit', async () => {
  const repo = 'git@git.example.org:shop.git'
  const [folder, command] = await lowered(gitCheckout, '/srv/shop', {
    repo,
    ref: 'v1',
    user: 'shop',
    submodules: true,
    force: true,
  })
  assert.ok(
    folder?.type === 'path' && command?.type === 'command' && command.check !== null && command.undo !== null,
  )
  assert.deepEqual(folder.want, { type: 'directory', mode: null, owner: 'shop', group: null })
  const words = ['/srv/shop', repo, 'v1', 'shop', 'yes', 'yes']
  for (const { run } of [command.check, command.run, command.undo]) assert.deepEqual(run.slice(4), words)
  assert.equal(command.says, `check out v1 of ${repo}`)
  const [, plain] = await lowered(gitCheckout, '/srv/shop', { repo })
  assert.deepEqual(plain?.type === 'command' && plain.run.run.slice(4), [
    '/srv/shop',
    repo,
    'HEAD',
    'root',
    'no',
    'no',
  ])
})

test('what git would take for an option, or no name at all, is refused', () => {
  assert.deepEqual(complaints(gitCheckout, 'srv', { repo: '--upload-pack=x', ref: '-x' }), [
    "gitCheckout.name is 'srv' but must be an absolute path, such as '/etc/motd'; write one like that",
    "gitCheckout.repo is '--upload-pack=x' but must be where the repository is, such as 'https://git.example.org/shop.git'; write one like that",
    "gitCheckout.ref is '-x' but must be a branch, a tag or a whole commit, such as 'main'; write one like that",
  ])
  for (const ref of ['a b', 'a..b', 'x~1', 'x@{1}', 'a\nb'])
    assert.equal(complaints(gitCheckout, '/srv', { repo: 'r', ref }).length, 1, ref)
  assert.deepEqual(complaints(gitCheckout, '/srv', {}), [
    "gitCheckout has no 'repo'; add repo: 'https://git.example.org/shop.git'",
  ])
})
