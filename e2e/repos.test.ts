import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { CodeRoutes, CommitDetail } from '../src/api/wire/code.ts'
import { run } from '../lab/run.ts'
import { type Checkout, checkoutIn, gitEnv, type ServedHub, serveHub, twoPeople } from './repos/served-hub.ts'
import { until } from './lab/until.ts'

// One story, told in order.
describe('a repository of the hub, over HTTP', { timeout: 600_000 }, () => {
  let hub: ServedHub
  let ada: Checkout
  const pushes = async () => (await hub.asides('shop')).filter((aside) => aside.type === 'pushed')

  before(async () => {
    hub = await serveHub(`${twoPeople}, repos: { shop: { largest: '2M' } }`)
    ada = await checkoutIn(join(hub.dir, 'ada'), hub.clone('shop'))
  })
  after(async () => {
    await hub.close()
    assert.deepEqual(hub.broken, [])
  })

  test('is there because tandem.ts names it', async () => {
    const [made] = await hub.asides('shop')
    assert.deepEqual([made?.type, made?.about], ['repo-made', 'shop'])
    assert.ok(existsSync(join(hub.stateDir, 'repos/shop.git/HEAD')))
  })

  test('takes a push and writes down whose it was', async () => {
    const commit = await ada.commit('First basket', { 'a.txt': 'one\n' })
    await ada.must('push', '--quiet', 'tandem', 'main')
    await until('the push is in the ledger', async () => (await pushes()).length === 1)
    const [pushed] = await pushes()
    assert.ok(pushed?.type === 'pushed')
    const { ref, from, to, who, door, subject } = pushed
    assert.deepEqual(
      { ref, from, to, who, door, subject },
      { ref: 'refs/heads/main', from: null, to: commit, who: 'ada', door: 'git', subject: 'First basket' },
    )
    await until('the spool is empty', async () => (await readdir(join(hub.stateDir, 'spool'))).length === 0)
  })

  test('shows what was pushed, as it was pushed', async () => {
    const seen = async (path: string): Promise<unknown> => {
      const headers = { authorization: `Bearer ${hub.secret('eve')}` }
      const answer = await fetch(`${hub.url}/api/repos${path}`, { headers })
      assert.equal(answer.status, 200, path)
      return answer.json()
    }
    const { repos } = (await seen('')) as CodeRoutes['GET /api/repos']
    assert.deepEqual(
      repos.map(({ repo, trunk, head, branches }) => [repo, trunk, head?.subject, branches]),
      [['shop', 'main', 'First basket', 1]],
    )
    const { refs } = (await seen('/shop')) as CodeRoutes['GET /api/repos/:repo']
    const [main] = refs
    assert.deepEqual([main?.ref, main?.isProtected], ['refs/heads/main', true])
    const { blob } = (await seen('/shop/blob?path=a.txt')) as CodeRoutes['GET /api/repos/:repo/blob']
    assert.equal(blob.text, 'one\n')
    const detail = (await seen(`/shop/commits/${main?.head.hash}`)) as CommitDetail
    assert.deepEqual(detail.refs, ['refs/heads/main'])
    assert.deepEqual([detail.files[0]?.newPath, detail.files[0]?.added], ['a.txt', 1])
    assert.deepEqual([detail.live, detail.changes], [[], []])
    assert.deepEqual(await seen('/shop/tests'), { tests: [] })
    const { asides } = (await seen('/shop/asides?limit=20')) as CodeRoutes['GET /api/repos/:repo/asides']
    assert.ok(asides.some(({ type }) => type === 'pushed'))
  })

  test('gives it to who clones and fetches, also in part', async () => {
    const { code, stderr } = await run(
      ['git', 'clone', '--quiet', '--depth=1', hub.clone('shop', 'eve'), join(hub.dir, 'eve')],
      { env: gitEnv },
    )
    assert.equal(code, 0, stderr)
    await ada.commit('Second basket', { 'b.txt': 'two\n' })
    await ada.must('push', '--quiet', 'tandem', 'main')
    for (const version of ['0', '1', '2']) {
      const asked = ['-c', ['protocol.version', version].join('=')]
      const fetched = await run(['git', '-C', join(hub.dir, 'eve'), ...asked, 'fetch'], {
        env: gitEnv,
      })
      assert.equal(fetched.code, 0, fetched.stderr)
    }
    const log = await run(['git', '-C', join(hub.dir, 'eve'), 'log', '--format=%s', 'origin/main'], {
      env: gitEnv,
    })
    assert.equal(log.stdout, 'Second basket\nFirst basket\n')
  })

  test('takes no push of who may only look, and nothing without a token', async () => {
    for (const [remote, says] of [
      [hub.clone('shop', 'eve'), /eve may look, not push/],
      [`${hub.url}/git/shop.git`, /could not read Username|terminal prompts disabled/],
      [hub.clone('shop').replace('tdm_', 'tdm_x'), /Authentication failed/],
      [hub.clone('nothing'), /no repository called nothing/],
    ] as const) {
      const pushed = await ada.git('push', remote, 'main:refs/heads/other')
      assert.notEqual(pushed.code, 0)
      assert.match(pushed.stderr, says)
    }
  })

  test('answers nothing else under its address', async () => {
    const authorization = `Basic ${Buffer.from(`x:${hub.secret('ada')}`).toString('base64')}`
    for (const path of [
      '/git/shop.git/HEAD',
      '/git/shop.git/config',
      '/git/shop.git/objects/info/packs',
      '/git/shop.git/info/refs',
      '/git/shop.git/info/refs?service=git-upload-archive',
      '/git/shop.git/info/refs?service=git-upload-pack&x=1',
      '/git/shop.git/../shop.git/info/refs?service=git-upload-pack',
      '/git/%2e%2e/shop.git/info/refs?service=git-upload-pack',
      '/git/shop.git%2f..%2fshop.git/info/refs?service=git-upload-pack',
      '/git//shop.git/info/refs?service=git-upload-pack',
    ]) {
      // fetch would tidy the path up before it is sent.
      const { stdout } = await run([
        'curl',
        '-s',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}',
        '--path-as-is',
        '-H',
        `authorization: ${authorization}`,
        hub.url + path,
      ])
      assert.equal(stdout, '404', path)
    }
  })

  test('makes another one by a post, in tandem.ts and in the name of who asked', async () => {
    const make = (person: string, name: string) =>
      fetch(`${hub.url}/api/repos`, {
        method: 'POST',
        headers: { authorization: `Bearer ${hub.secret(person)}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name }),
      })
    const made = (await (await make('ada', 'docs')).json()) as CodeRoutes['POST /api/repos']
    assert.deepEqual([made.file, made.repo.repo, made.repo.head], ['tandem.ts', 'docs', null])
    await ada.must('push', '--quiet', hub.clone('docs'), 'main')
    const asides = await hub.asides('docs')
    assert.ok(asides.some((aside) => aside.type === 'repo-made' && aside.who === 'ada'))
    assert.match(await readFile(join(hub.dir, 'tandem.ts'), 'utf8'), /docs: \{\}/)
    const answers = [await make('ada', 'docs'), await make('ada', '../x'), await make('eve', 'more')]
    assert.deepEqual(
      answers.map(({ status }) => status),
      [409, 409, 403],
    )
  })

  test('a trunk only grows', async () => {
    await ada.must('branch', 'aside', 'HEAD~1')
    const forced = await ada.git('push', '--force', 'tandem', 'aside:main')
    assert.match(forced.stderr, /refused: main is protected and only grows/)
    assert.match(forced.stderr, /now: `git pull --rebase`/)
    const deleted = await ada.git('push', 'tandem', ':main')
    assert.match(deleted.stderr, /refused: main is protected: it is not deleted/)
    await ada.must('push', '--quiet', 'tandem', 'aside')
    await ada.must('push', '--quiet', '--force', 'tandem', 'main:aside')
    await ada.must('push', '--quiet', 'tandem', ':aside')
    await until('five pushes are in the ledger', async () => (await pushes()).length === 5)
  })

  test('a push that is too large is refused, and leaves nothing behind', async () => {
    const noise = Buffer.alloc(6 * 1024 * 1024)
    for (let at = 0; at < noise.length; at += 4) noise.writeUInt32LE((Math.random() * 2 ** 32) >>> 0, at)
    await ada.commit('Too large', { 'noise.bin': noise })
    const pushed = await ada.git('push', 'tandem', 'main')
    assert.notEqual(pushed.code, 0)
    assert.match(pushed.stderr, /exceeds maximum allowed size/)
    await ada.must('reset', '--quiet', '--hard', 'HEAD~1')
    const objects = await readdir(join(hub.stateDir, 'repos/shop.git/objects'))
    assert.deepEqual(
      objects.filter((name) => name.startsWith('tmp')),
      [],
    )
  })

  test('secrets stay out, unless somebody says that they are none', async () => {
    const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz\n'.repeat(3)}-----END OPENSSH PRIVATE KEY-----\n`
    await ada.commit('Oops', { id_ed25519: key })
    const refused = await ada.git('push', 'tandem', 'main')
    assert.match(refused.stderr, /refused: id_ed25519, line 1, looks like a private key/)
    assert.match(refused.stderr, /git push -o not-secret/)
    const taken = await ada.git('push', '-o', 'not-secret', 'tandem', 'main')
    assert.equal(taken.code, 0, taken.stderr)
    assert.match(taken.stderr, /taken, as you say that it is no secret: id_ed25519/)
  })

  test('what moves without a hook is found', async () => {
    const bare = join(hub.stateDir, 'repos/shop.git')
    const head = await ada.must('rev-parse', 'HEAD')
    await hub.restart(async () => {
      const moved = await run(['git', '-C', bare, 'update-ref', 'refs/heads/by-hand', head])
      assert.equal(moved.code, 0, moved.stderr)
    })
    await until('it is found', async () => {
      const [last] = await pushes()
      return last?.type === 'pushed' && last.ref === 'refs/heads/by-hand' && last.door === 'found'
    })
  })

  test('folders that are no folders stay out', async () => {
    const blob = await ada.must('rev-parse', 'HEAD:a.txt')
    const push = async (lines: string) => {
      const tree = await run(['git', '-C', ada.dir, 'mktree'], { env: gitEnv, input: lines })
      const commit = await ada.must('commit-tree', '-m', 'odd', '-p', 'HEAD', tree.stdout.trim())
      return ada.git('push', 'tandem', `${commit}:refs/heads/odd`)
    }
    const clash = await push(`100644 blob ${blob}\tREADME\n100644 blob ${blob}\treadme\n`)
    assert.match(clash.stderr, /refused: readme differs from README only in its case/)
    const hidden = await push(`100644 blob ${blob}\t.GIT\n`)
    assert.match(hidden.stderr, /hasDotgit|taken for a repository/)
    assert.notEqual(hidden.code, 0)
    const plain = await push(`100644 blob ${blob}\treadme\n`)
    assert.equal(plain.code, 0, plain.stderr)
  })

  test('a push of thousands of refs is refused, and the hub answers meanwhile', async () => {
    const head = await ada.must('rev-parse', 'HEAD')
    const refs = Array.from({ length: 1_001 }, (_, at) => `create refs/tags/t${at} ${head}\n`)
    const made = await run(['git', '-C', ada.dir, 'update-ref', '--stdin'], {
      env: gitEnv,
      input: refs.join(''),
    })
    assert.equal(made.code, 0, made.stderr)
    const pushed = await ada.git('push', '--quiet', 'tandem', '--tags')
    assert.match(pushed.stderr, /this push moves 1001 refs, and 1000 is the most/)
    assert.equal((await fetch(`${hub.url}/api/version`)).status, 200)
  })

  test('nothing is taken while nobody can look at it; what a dead hub missed is told when the next one starts', async () => {
    const bare = join(hub.stateDir, 'repos/shop.git')
    const commit = await ada.commit('While the hub was away', { 'late.txt': 'late\n' })
    await hub.restart(async () => {
      const refused = await ada.git('push', bare, 'main')
      assert.match(refused.stderr, /refused: the hub does not run/)
      // As if the hub had died between the two hooks.
      const before = await run(['git', '-C', bare, 'rev-parse', 'main'])
      const moved = await run(['git', '-C', bare, 'fetch', '--quiet', ada.dir, 'main'], { env: gitEnv })
      assert.equal(moved.code, 0, moved.stderr)
      await run(['git', '-C', bare, 'update-ref', 'refs/heads/main', commit])
      const told = spawnSync(join(hub.stateDir, 'hooks/post-receive'), {
        cwd: bare,
        env: { ...gitEnv, TANDEM_WHO: 'ada' },
        input: `${before.stdout.trim()} ${commit} refs/heads/main\n`,
        encoding: 'utf8',
      })
      assert.match(told.stderr, /it goes on with this push when it is back/)
    })
    await until('it is told as the push of ada', async () => {
      const [last] = await pushes()
      return last?.type === 'pushed' && last.to === commit && last.who === 'ada' && last.door === 'git'
    })
  })
})
