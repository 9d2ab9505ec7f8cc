import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import type { CommandThing, Script } from '../things/thing.ts'
import { archive } from './archive.ts'
import { complaints, lowered, tryWorld } from './try-sort.ts'

const run = promisify(execFile)
const digest = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const url = 'https://example.com/site.tar.gz'

test('an archive beside the recipe travels into its folder, where only root reads it', async () => {
  const world = tryWorld({ 'files/site.tar.gz': 'bytes' })
  const options = { source: 'files/site.tar.gz', strip: 1, owner: 'www-data' }
  const [folder, sent, command] = await lowered(archive, '/srv/site', options, world)
  assert.deepEqual(folder?.type === 'path' && [folder.path, folder.want], [
    '/srv/site',
    { type: 'directory', mode: null, owner: 'www-data', group: null },
  ])
  assert.deepEqual(sent?.type === 'path' && [sent.path, sent.want], [
    '/srv/site/.tandem-archive.tar',
    {
      type: 'file',
      content: { bytes: new TextEncoder().encode('bytes'), secrets: [] },
      mode: 0o600,
      owner: 'root',
      group: 'root',
    },
  ])
  assert.equal(command?.type === 'command' && command.says, 'unpack files/site.tar.gz into /srv/site')
  const stamp = `${digest('bytes')} strip 1 owner www-data:`
  assert.deepEqual(command?.type === 'command' && command.check?.run.slice(-2), ['/srv/site', stamp])
  assert.deepEqual(command?.type === 'command' && command.run.run.slice(-7), [
    '/srv/site',
    stamp,
    '1',
    'www-data:',
    '/srv/site/.tandem-archive.tar',
    '',
    digest('bytes'),
  ])
})

test('an archive elsewhere is fetched by the host', async () => {
  const [, command] = await lowered(archive, '/srv/site', { url, sha256: digest('x') })
  assert.deepEqual(command?.type === 'command' && command.run.run.slice(-5), ['0', '', '', url, digest('x')])
})

test('what is wrong with an archive is told in a sentence', () => {
  const table: readonly (readonly [unknown, string])[] = [
    [{}, "archive has no 'source'; add source: 'files/site.tar.gz', or url: '…'"],
    [{ url }, "archive has no 'sha256'; add sha256: '…', what `sha256sum FILE` prints"],
    [
      { source: 'a.tar', sha256: digest('x') },
      `archive.sha256 is '${digest('x').slice(0, 57)}…' but must be left out where there is no 'url'; take it out, or say url as well`,
    ],
    [
      { source: 'a.zip' },
      "archive.source is 'a.zip' but must be a tar archive beside the recipe, such as 'files/site.tar.gz'; write one like that",
    ],
    [
      { source: 'a.tar', strip: -1 },
      'archive.strip is -1 but must be a whole number from 0 to 20, such as 1; write one like that',
    ],
  ]
  for (const [options, message] of table)
    assert.deepEqual(complaints(archive, '/srv/site', options), [message])
})

type Files = Readonly<Record<string, string>>

async function put(folder: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await (text.startsWith('-> ')
      ? symlink(text.slice(3), join(folder, path))
      : writeFile(join(folder, path), text))
  }
}

/** All that is in a folder; folders end in a slash. */
async function found(folder: string): Promise<Files> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const pairs = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(folder.length + 1)
    if (entry.isDirectory()) return [`${name}/`, ((await lstat(path)).mode & 0o7777).toString(8)] as const
    return [
      name,
      entry.isSymbolicLink() ? `-> ${await readlink(path)}` : await readFile(path, 'utf8'),
    ] as const
  })
  const all = await Promise.all(pairs)
  return Object.fromEntries(all.filter(([name]) => !name.startsWith('.tandem-archive')))
}

async function place(t: TestContext): Promise<Readonly<{ top: string; site: string }>> {
  const top = await mkdtemp(join(tmpdir(), 'archive-'))
  t.after(() => rm(top, { recursive: true, force: true }))
  const site = join(top, "the site's")
  await mkdir(site)
  return { top, site }
}

/** The command that unpacks these files, which a host has in its folder by then. */
async function unpacking(
  top: string,
  site: string,
  files: Files,
  options: object = {},
): Promise<CommandThing> {
  const tree = await mkdtemp(join(top, 'tree-'))
  await put(tree, files)
  await run('tar', ['-czf', join(site, '.tandem-archive.tar'), '-C', tree, '.'])
  const bytes = await readFile(join(site, '.tandem-archive.tar'))
  const world = { ...tryWorld(), bytesOf: async () => bytes }
  const thing = (await lowered(archive, site, { source: 'a.tar.gz', ...options }, world)).at(-1)
  assert.equal(thing?.type, 'command')
  return thing
}

async function outcome(script: Script | null, keep: string): Promise<number> {
  assert.ok(script !== null && typeof script.run !== 'string')
  const [program = '', ...args] = script.run
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', TANDEM_KEEP: keep, LC_ALL: 'C.UTF-8' }
  try {
    await run(program, args, { env, timeout: 30_000 })
    return 0
  } catch (error) {
    return Number(Reflect.get(Object(error), 'code'))
  }
}

const first: Files = {
  'index.html': 'one',
  'css/a.css': 'a',
  'css/old/b.css': 'b',
  now: '-> index.html',
  'odd \n name': 'x',
}
const second: Files = { 'index.html': 'two', 'css/a.css': 'a', 'js/c.js': 'c' }
const folders = { 'css/': '755', 'css/old/': '755' }

test('an archive is unpacked, replaced by the next, and what others put there stays', async (t) => {
  const { top, site } = await place(t)
  await put(site, { 'upload.jpg': 'theirs' })
  const one = await unpacking(top, site, first)
  assert.equal(await outcome(one.check, ''), 1)
  assert.equal(await outcome(one.run, join(top, 'keep1')), 0)
  assert.equal(await outcome(one.check, ''), 0)
  assert.deepEqual(await found(site), { ...first, ...folders, 'upload.jpg': 'theirs' })
  await put(site, { 'css/theirs.css': 't' })
  const two = await unpacking(top, site, second)
  assert.equal(await outcome(two.check, ''), 1)
  assert.equal(await outcome(two.run, join(top, 'keep2')), 0)
  assert.deepEqual([await outcome(two.check, ''), await outcome(one.check, '')], [0, 1])
  assert.deepEqual(await found(site), {
    ...second,
    'css/': '755',
    'js/': '755',
    'css/theirs.css': 't',
    'upload.jpg': 'theirs',
  })
})

test('an undo brings back what was there, twice as well as once', async (t) => {
  const { top, site } = await place(t)
  const one = await unpacking(top, site, first)
  await put(site, { 'index.html': 'from before' })
  await mkdir(join(site, 'css'))
  await chmod(join(site, 'css'), 0o700)
  const before = await found(site)
  assert.equal(await outcome(one.undo, join(top, 'keep1')), 0)
  assert.deepEqual(await found(site), before)
  assert.equal(await outcome(one.run, join(top, 'keep1')), 0)
  const between = await found(site)
  const two = await unpacking(top, site, second)
  assert.equal(await outcome(two.run, join(top, 'keep2')), 0)
  await put(site, { 'js/theirs.js': 't' })
  for (const time of ['once', 'twice']) {
    assert.equal(await outcome(two.undo, join(top, 'keep2')), 0, time)
    assert.deepEqual(await found(site), { ...between, 'js/': '755', 'js/theirs.js': 't' })
  }
  assert.equal(await outcome(one.check, ''), 0)
  await rm(join(site, 'js'), { recursive: true })
  assert.equal(await outcome(one.undo, join(top, 'keep1')), 0)
  assert.deepEqual(await found(site), before)
})

test('a run that was cut short and done again is undone to what was before the first', async (t) => {
  const { top, site } = await place(t)
  await put(site, { 'index.html': 'from before' })
  const one = await unpacking(top, site, first)
  assert.equal(await outcome(one.run, join(top, 'keep')), 0)
  await mkdir(join(site, '.tandem-abcdEFGH'))
  assert.equal(await outcome(one.run, join(top, 'keep')), 0)
  assert.deepEqual(await found(site), { ...first, ...folders })
  assert.equal(await outcome(one.undo, join(top, 'keep')), 0)
  assert.deepEqual(await found(site), { 'index.html': 'from before' })
})

test('leading folders are left out, owners are set, and an archive of nothing is refused', async (t) => {
  const { top, site } = await place(t)
  const owner = { owner: process.getuid?.() ?? 0, group: process.getgid?.() ?? 0 }
  const one = await unpacking(top, site, { 'site-1.2/index.html': 'one' }, { strip: 2, ...owner })
  assert.equal(await outcome(one.run, join(top, 'keep')), 0)
  assert.deepEqual(await found(site), { 'index.html': 'one' })
  const none = await unpacking(top, site, { 'site-1.2/index.html': 'one' }, { strip: 5 })
  assert.equal(await outcome(none.run, join(top, 'keep2')), 1)
  assert.deepEqual(await found(site), { 'index.html': 'one' })
})
