import assert from 'node:assert/strict'
import { test } from 'node:test'
import { againstRefs } from './ref-rules.ts'
import { secretForm } from './secret-forms.ts'
import { valuesToFind } from './team-values.ts'
import { namesTrouble, type TreeEntry, treeEntries } from './tree-entries.ts'
import { treeSizes } from './tree-sizes.ts'

const entry = (name: string, hash = 'a', isTree = false): TreeEntry => ({
  name: Buffer.from(name).toString('latin1'),
  hash,
  isTree,
})

test('names that are another thing on some disk are told, others are not', () => {
  for (const [name, why] of [
    ['..', /leads out/],
    ['a/b', /leads out/],
    ['', /leads out/],
    ['.git', /taken for a repository/],
    ['.GIT', /taken for a repository/],
    ['.git.', /taken for a repository/],
    ['.git ', /taken for a repository/],
    ['git~1', /taken for a repository/],
    ['.git::$INDEX_ALLOCATION', /taken for a repository/],
    ['.g\u200cit', /taken for a repository/],
    ['a\nb', /control characters/],
    ['a\\b', /backslash/],
    ['x'.repeat(256), /255 bytes/],
    ['\u00e4'.repeat(128), /255 bytes/],
  ] as const)
    assert.match(namesTrouble([entry(name)])?.why ?? 'nothing', why, name)
  for (const name of ['.gitignore', '.github', 'a b', 'Stra\u00dfe', '-x', '$(id)', '...', 'git~10'])
    assert.equal(namesTrouble([entry(name)]), null, name)
})

test('two names that one disk holds as one are told', () => {
  assert.match(namesTrouble([entry('Makefile'), entry('makefile')])?.why ?? '', /differs from Makefile only/)
  assert.match(namesTrouble([entry('\u00e9'), entry('e\u0301')])?.why ?? '', /differs from/)
  assert.equal(namesTrouble([entry('a'), entry('b')]), null)
})

test('a tree is read byte by byte, and bytes that are none are told apart', () => {
  const bytes = Buffer.concat([
    Buffer.from('40000 dir\0'),
    Buffer.alloc(20, 1),
    Buffer.from('100644 f\0'),
    Buffer.alloc(20, 2),
  ])
  assert.deepEqual(
    treeEntries(bytes, 20)?.map(({ name, isTree }) => [name, isTree]),
    [
      ['dir', true],
      ['f', false],
    ],
  )
  assert.equal(treeEntries(bytes.subarray(0, -1), 20), null)
  assert.equal(treeEntries(Buffer.from('nothing'), 20), null)
})

test('trees that are small to push and huge to check out are measured, however deep', () => {
  const bomb = new Map<string, readonly TreeEntry[]>([['t0', [entry('f')]]])
  for (let level = 1; level <= 10; level += 1)
    bomb.set(
      `t${level}`,
      Array.from({ length: 10 }, (_, at) => entry(`d${at}`, `t${level - 1}`, true)),
    )
  assert.equal(treeSizes(bomb).get('t10')?.files, 10 ** 10)
  const deep = new Map<string, readonly TreeEntry[]>([['d0', [entry('f')]]])
  for (let level = 1; level <= 20_000; level += 1) deep.set(`d${level}`, [entry('d', `d${level - 1}`, true)])
  assert.equal(treeSizes(deep).get('d20000')?.pathBytes, 40_001)
})

test('names of refs that shells read as something else are refused, and only branches and tags are taken', async () => {
  const why = async (ref: string) => {
    const push = {
      repo: 'shop',
      who: 'ada',
      options: [],
      quarantine: null,
      kept: null,
      exchange: null,
      movesLeftOut: 0,
    }
    const moves = [{ ref, from: null, to: 'a'.repeat(40) }]
    return (await againstRefs({ ...push, moves }, { protect: ['main'] }, async () => false)).join(' ')
  }
  for (const name of ['x;id', 'x$(id)', 'x`id`', 'x|y', "x'y", '-x', 'a/-b', 'x&y', 'x<y', 'a\u202eb'])
    assert.match(await why(`refs/heads/${name}`), /characters in its name/, name)
  assert.match(await why('refs/pull/3/head'), /neither a branch nor a tag/)
  assert.match(await why(`refs/heads/${'x'.repeat(300)}`), /over 200 characters/)
  for (const name of ['main', 'release/1.2', 'ada/fix-#12', 'f\u00fcr-alle', 'a@b', 'x=y'])
    assert.equal(await why(`refs/heads/${name}`), '', name)
})

test('what has the form of a secret is told with its line, and what documents show is not', () => {
  const letters = 'aB3dE5gH7jK9mN2pQ4sT6vW8yZ1cF0xR5uI7oL3k'
  for (const [text, is] of [
    [`a\nb\ntoken = ghp_${letters.slice(0, 36)}\n`, 'a token of GitHub'],
    [`a\nb\nglpat-${letters.slice(0, 20)}`, 'a token of GitLab'],
    ['a\nb\nAKIAJ3K5L2M4N6P7Q2RS', 'a key of AWS'],
    [`a\nb\ntdm_${letters}abc`, 'a token of this hub'],
    [`a\nb\n-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n`, null],
    [`a\nb\n-----BEGIN EC PRIVATE KEY-----\n${letters.repeat(2)}\n`, 'a private key'],
    ['a\nb\nAKIAIOSFODNN7EXAMPLE', null],
    ['a\nb\nghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', null],
    ['a\nb\n-----BEGIN PUBLIC KEY-----\nMIIB', null],
  ] as const)
    assert.deepEqual(secretForm(Buffer.from(text)), is === null ? null : { is, line: 3 }, text)
})

test("the team's own secrets are found as they are and spelled otherwise; short ones are not looked for", () => {
  const holds = valuesToFind(['correct horse battery', 'short'])
  assert.equal(holds(Buffer.from('x = "correct horse battery"')), true)
  assert.equal(holds(Buffer.from(Buffer.from('a correct horse battery').toString('base64'))), true)
  assert.equal(holds(Buffer.from('a short text about a horse and its battery')), false)
})
