import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { checkOut } from './check-out.ts'
import { findCommit, uncommitted } from './commit.ts'
import { git, gitStream, setting } from './git.ts'

/** A repository that tries to start a program wherever git lets a repository name one. */
describe('git on a hostile repository', () => {
  let dir = ''
  const ran = () => readFile(join(dir, 'ran'), 'utf8').catch(() => 'nothing')
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tandem-git-'))
    const trap = join(dir, 'trap.sh')
    await writeFile(trap, `#!/bin/sh\necho "$0" >>${dir}/ran\ncat\n`)
    await chmod(trap, 0o755)
    const must = async (...args: string[]) => {
      const said = await git(dir, args, { env: people })
      assert.equal(said.code, 0, said.err)
    }
    await must('init', '--quiet', '--initial-branch=main', 'repo')
    const repo = join(dir, 'repo')
    await writeFile(join(repo, '.gitattributes'), '*.txt filter=trap\n')
    await writeFile(join(repo, 'a.txt'), 'content\n')
    await must('-C', repo, 'add', '--all')
    await must('-C', repo, 'commit', '--quiet', '--message', 'one')
    for (const key of ['filter.trap.smudge', 'filter.trap.process', 'core.fsmonitor', 'core.pager'])
      await must('-C', repo, 'config', key, trap)
    await must('-C', repo, 'config', 'core.hooksPath', dir)
    await must('-C', repo, 'config', 'filter.trap.required', 'true')
    for (const hook of ['post-checkout', 'post-index-change', 'pre-commit'])
      await writeFile(join(dir, hook), `#!/bin/sh\necho ${hook} >>${dir}/ran\n`, { mode: 0o755 })
  })
  after(() => rm(dir, { recursive: true, force: true }))

  test('the traps do spring for who runs git in the usual way', async () => {
    await git(join(dir, 'repo'), [...setting('core.fsmonitor', join(dir, 'trap.sh')), 'status'])
    assert.match(await ran(), /trap\.sh/)
    await rm(join(dir, 'ran'))
  })

  test('runs none of its programs, and checks out the bytes that were committed', async () => {
    const repo = join(dir, 'repo')
    const commit = await findCommit(repo, 'main')
    await checkOut(repo, commit, join(dir, 'out'))
    assert.equal(await uncommitted(repo), 0)
    assert.equal(await readFile(join(dir, 'out/a.txt'), 'utf8'), 'content\n')
    assert.equal(await ran(), 'nothing')
  })

  test('refuses to release pointers of LFS', async () => {
    const repo = join(dir, 'repo')
    await writeFile(join(repo, '.gitattributes'), '*.txt filter=lfs\n')
    await git(repo, ['commit', '--quiet', '--all', '--message', 'two'], { env: people })
    const commit = await findCommit(repo, 'main')
    await assert.rejects(checkOut(repo, commit, join(dir, 'lfs')), /a\.txt would be released as a pointer/)
  })

  test('takes nothing by way of files or commands', async () => {
    for (const url of [join(dir, 'repo'), `file://${dir}/repo`, 'ext::sh -c touch% ran']) {
      const said = await git(dir, ['clone', '--quiet', '--no-local', '--', url, 'copy'])
      assert.match(said.err, /not allowed/)
    }
    assert.equal(await ran(), 'nothing')
  })

  test('knows nothing of the people and the repository around it', async () => {
    process.env['GIT_DIR'] = '/tmp/elsewhere'
    try {
      const said = await git(join(dir, 'repo'), ['config', '--list', '--show-scope'])
      assert.equal(said.code, 0)
      assert.doesNotMatch(said.out, /^(system|global)\s/m)
    } finally {
      delete process.env['GIT_DIR']
    }
  })
})

describe('the limits of git', () => {
  test('too much output stops it', async () => {
    const said = await git('.', ['log', '--patch'], { mostBytes: 1000 })
    assert.deepEqual([said.code, said.err], [128, 'git said more than 1000 bytes'])
    assert.ok(said.out.length <= 1000)
  })
  test('too much time stops it', async () => {
    const running = gitStream('.', ['cat-file', '--batch', '--unknown'], { limitMs: 1 })
    running.out.resume()
    assert.equal((await running.ended).code >= 128, true)
  })
  test('what cannot be started says so', async () => {
    const said = await git('/nowhere', ['status'])
    assert.equal(said.code, 128)
    assert.match(said.err, /ENOENT/)
  })
  test('input reaches it', async () => {
    const said = await git('.', ['hash-object', '--stdin'], { input: 'hello\n' })
    assert.equal(said.out, 'ce013625030ba8dba906f756967f9e9ca394464a\n')
  })
})

const people = {
  GIT_AUTHOR_NAME: 'ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
}
