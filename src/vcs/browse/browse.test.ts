import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { git } from '../git.ts'
import { commitAt, commitsOf } from './commits.ts'
import { diffOf } from './diff.ts'
import { blameAt, blobAt, mostShownBytes, treeAt } from './files.ts'
import { refsWith, refViews, sizeOf } from './refs.ts'

const people = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
}

/** Names that mean something to shells, to git's options, to its patterns, or to who reads its output by lines. */
const oddNames = [
  '-x',
  '--output=hacked',
  'a\nb',
  'say "hi"',
  ':(glob)**',
  '*',
  'tab\tbed',
  '\\n',
  'ü',
  ': 1',
]

describe('a repository that people look at', () => {
  let dir = ''
  let checkout = ''
  const must = async (...args: string[]): Promise<string> => {
    const said = await git(checkout, args, { env: people })
    assert.equal(said.code, 0, said.err)
    return said.out.trim()
  }
  const commit = async (message: string): Promise<string> => {
    await must('add', '--all')
    await must('commit', '--quiet', '--allow-empty', '--message', message)
    return must('rev-parse', 'HEAD')
  }
  const hashes: string[] = []
  const hash = (at: number): string => hashes.at(at) ?? ''

  before(async () => {
    checkout = await mkdtemp(join(tmpdir(), 'tandem-browse-'))
    dir = join(checkout, '.git')
    await must('init', '--quiet', '--initial-branch=main', '.')
    await mkdir(join(checkout, 'src'))
    await writeFile(join(checkout, 'src/app.js'), 'one\ntwo\rdiff --git a/x b/x\nthree\n')
    await writeFile(join(checkout, 'big'), 'x'.repeat(mostShownBytes + 1))
    await writeFile(join(checkout, 'binary'), Buffer.from([0, 1, 2]))
    await symlink('/etc/passwd', join(checkout, 'link'))
    hashes.push(await commit('Begin\n\nWith a body.\n'))
    for (const name of oddNames) await writeFile(join(checkout, name), `it is ${name}\n`)
    await writeFile(Buffer.concat([Buffer.from(join(checkout, 'odd')), Buffer.from([0xff])]), 'bytes\n')
    await writeFile(join(checkout, '.mailmap'), 'Eve <eve@example.org> Ada <ada@example.org>\n')
    hashes.push(await commit('Add odd names'))
    await writeFile(join(checkout, 'src/app.js'), 'one\nzwei\nthree\n')
    await rename(join(checkout, '-x'), join(checkout, '--y'))
    await rm(join(checkout, 'link'))
    await writeFile(join(checkout, 'link'), 'no link\n')
    await rm(join(checkout, 'a\nb'))
    hashes.push(await commit('Change things'))
    await must('branch', 'release/1', hash(0))
    await must('tag', '--annotate', '--message', 'the first', 'v1', hash(0))
    await must('tag', 'release/1', hash(1))
    await must('tag', 'a-tree', `${hash(0)}^{tree}`)
    await must('update-ref', 'refs/pull/3/head', hash(1))
    await must('checkout', '--quiet', '-b', 'long')
    await writeFile(join(checkout, 'long'), 'line\n'.repeat(5_000))
    await writeFile(join(checkout, 'longer'), 'line\n'.repeat(20_001))
    hashes.push(await commit('Add long ones'))
    // As the hub has it.
    await must('config', 'core.bare', 'true')
  })
  after(() => rm(checkout, { recursive: true, force: true }))

  test('commits are found by branch, tag, ref and hash, and a branch goes before a tag', async () => {
    const found = async (ref: string) => (await commitAt(dir, ref)).hash
    assert.equal(await found('main'), hash(2))
    assert.equal(await found('v1'), hash(0))
    assert.equal(await found('release/1'), hash(0))
    assert.equal(await found('refs/tags/release/1'), hash(1))
    assert.equal(await found('refs/pull/3/head'), hash(1))
    assert.equal(await found('3/head'), hash(1))
    assert.equal(await found(hash(1).slice(0, 10)), hash(1))
    assert.deepEqual(await commitAt(dir, hash(0)), {
      hash: hash(0),
      tree: await must('rev-parse', `${hash(0)}^{tree}`),
      parents: [],
      subject: 'Begin',
      body: 'With a body.',
      author: 'Ada',
      email: 'ada@example.org',
      at: Date.parse(people.GIT_COMMITTER_DATE),
    })
  })

  for (const ref of [
    '',
    'gone',
    '--all',
    'main~1',
    ':/Begin',
    'main@{0}',
    'a-tree',
    'main..v1',
    'x\nmain',
    'ffff',
  ])
    test(`${JSON.stringify(ref)} is no name of a commit`, async () => {
      await assert.rejects(commitAt(dir, ref), /there is no commit called/)
    })

  test('the log comes in pages, of all or of one path, and says where the next begins', async () => {
    const log = async (path: string, from: string | null, limit: number) => {
      const { commits, next } = await commitsOf(dir, { ref: 'main', path, after: from, limit })
      return [commits.map((one) => one.hash), next]
    }
    assert.deepEqual(await log('', null, 2), [[hash(2), hash(1)], hash(1)])
    assert.deepEqual(await log('', hash(1), 2), [[hash(0)], null])
    assert.deepEqual(await log('src/', null, 1), [[hash(2)], hash(2)])
    assert.deepEqual(await log('src/', hash(2), 1), [[hash(0)], null])
    assert.deepEqual(await log('-x', null, 9), [[hash(2), hash(1)], null])
    assert.deepEqual(await log('*', null, 9), [[hash(1)], null])
    await assert.rejects(log('', 'f'.repeat(40), 2), /is not in this log any more/)
    await assert.rejects(log('../x', null, 2), /there is no path/)
  })

  test('files with odd names are listed, read and blamed as any other', async () => {
    const names = (await treeAt(dir, hash(1), '')).map(({ name }) => name)
    for (const name of oddNames) {
      assert.ok(names.includes(name), name)
      assert.equal((await blobAt(dir, hash(1), name)).text, `it is ${name}\n`)
      const [first] = await blameAt(dir, hash(1), name)
      assert.deepEqual([first?.commit, first?.author, first?.subject], [hash(1), 'Ada', 'Add odd names'])
    }
    assert.ok(names.includes('odd\ufffd'))
  })

  test('folders, links, large and binary files are told apart', async () => {
    const items = await treeAt(dir, hash(0), '')
    const kinds = items.map(({ name, kind, bytes }) => [name, kind, bytes])
    assert.deepEqual(kinds, [
      ['big', 'file', mostShownBytes + 1],
      ['binary', 'file', 3],
      ['link', 'link', 11],
      ['src', 'folder', null],
    ])
    assert.deepEqual(
      (await treeAt(dir, hash(0), 'src/')).map(({ name }) => name),
      ['app.js'],
    )
    assert.equal((await blobAt(dir, hash(0), 'link')).text, '/etc/passwd')
    assert.equal((await blobAt(dir, hash(0), 'big')).text, null)
    assert.equal((await blobAt(dir, hash(0), 'binary')).text, null)
    await assert.rejects(blameAt(dir, hash(0), 'binary'), /its lines are not shown/)
    await assert.rejects(blobAt(dir, hash(0), 'src'), /there is no file "src"/)
    await assert.rejects(blobAt(dir, hash(0), 'src/../big'), /there is no path/)
    await assert.rejects(treeAt(dir, hash(0), 'big'), /there is no folder "big"/)
  })

  test('blame says of each line which commit wrote it', async () => {
    assert.equal((await blameAt(dir, 'long', 'long')).length, 5_000)
    await assert.rejects(blameAt(dir, 'long', 'longer'), /over 20000 lines/)
    const lines = await blameAt(dir, 'main', 'src/app.js')
    assert.deepEqual(
      lines.map(({ line, text, commit: by }) => [line, text, by]),
      [
        [1, 'one', hash(0)],
        [2, 'zwei', hash(2)],
        [3, 'three', hash(0)],
      ],
    )
    assert.equal(lines[0]?.at, Date.parse(people.GIT_AUTHOR_DATE))
  })

  test('a diff says what became of each file, and each line has its number', async () => {
    const { files, cut } = await diffOf(dir, await commitAt(dir, 'main'))
    assert.equal(cut, 0)
    assert.deepEqual(
      files.map(({ oldPath, newPath, added, removed }) => [oldPath, newPath, added, removed]),
      [
        ['-x', '--y', 0, 0],
        ['a\nb', null, 0, 2],
        ['link', 'link', 1, 1],
        ['src/app.js', 'src/app.js', 1, 1],
      ],
    )
    assert.deepEqual(files[3]?.hunks, [
      {
        header: '@@ -1,3 +1,3 @@',
        lines: [
          { kind: 'same', old: 1, new: 1, text: 'one' },
          { kind: 'removed', old: 2, new: null, text: 'two\rdiff --git a/x b/x' },
          { kind: 'added', old: null, new: 2, text: 'zwei' },
          { kind: 'same', old: 3, new: 3, text: 'three' },
        ],
      },
    ])
    const link = files[2]?.hunks.flatMap(({ lines }) => lines.map(({ kind, text }) => [kind, text]))
    assert.deepEqual(link, [
      ['removed', '/etc/passwd'],
      ['added', 'no link'],
    ])
  })

  test('the first commit is all new, and what is binary shows no lines', async () => {
    const { files } = await diffOf(dir, await commitAt(dir, hash(0)))
    const binary = files.find(({ newPath }) => newPath === 'binary')
    assert.deepEqual(binary, {
      oldPath: null,
      newPath: 'binary',
      isBinary: true,
      added: 0,
      removed: 0,
      hunks: [],
      cut: 0,
    })
  })

  test('a diff that is too long is cut, and says by how much', async () => {
    const { files } = await diffOf(dir, await commitAt(dir, 'long'))
    const [long] = files
    assert.equal(long?.hunks[0]?.lines.length, 2_000)
    assert.equal(long?.cut, 3_000)
  })

  test('refs are those that stand for commits, with what protects them', async () => {
    const refs = await refViews(dir, { protect: ['main', 'release/*'] })
    const told = refs.map(({ ref, name, kind, isProtected, head }) => [
      ref,
      name,
      kind,
      isProtected,
      head.hash,
    ])
    assert.deepEqual(
      told.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
      [
        ['refs/heads/long', 'long', 'branch', false, hash(3)],
        ['refs/heads/main', 'main', 'branch', true, hash(2)],
        ['refs/heads/release/1', 'release/1', 'branch', true, hash(0)],
        ['refs/pull/3/head', '3/head', 'request', false, hash(1)],
        ['refs/tags/release/1', 'release/1', 'tag', false, hash(1)],
        ['refs/tags/v1', 'v1', 'tag', false, hash(0)],
      ],
    )
    assert.deepEqual(await refsWith(dir, hash(2)), ['refs/heads/long', 'refs/heads/main'])
    const { branches, bytes } = await sizeOf(dir)
    assert.equal(branches, 3)
    assert.ok(bytes > 0)
  })
})
