import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import type { CommandThing, Script } from '../things/thing.ts'
import { download } from './download.ts'
import { complaints, lowered } from './try-sort.ts'

const run = promisify(execFile)
const digest = (text: string) => createHash('sha256').update(text).digest('hex')
const url = 'https://example.com/tool'

async function downloading(name: string, options: object): Promise<CommandThing> {
  const [thing] = await lowered(download, name, options)
  assert.equal(thing?.type, 'command')
  return thing
}

test('a download owns its path, and says where it comes from', async () => {
  const thing = await downloading('/opt/tool', { url, sha256: digest('x') })
  assert.equal(thing.key, 'path /opt/tool')
  assert.equal(thing.says, `download ${url} to /opt/tool`)
  assert.deepEqual(thing.check?.run.slice(-4), ['/opt/tool', digest('x'), '%a %U %G', '644 root root'])
  assert.deepEqual(thing.run.run.slice(-6), ['/opt/tool', '/opt', url, digest('x'), '644', 'root:root'])
  const own = await downloading('/tool', {
    url,
    sha256: digest('x'),
    mode: '0755',
    owner: 1000,
    group: 'ops',
  })
  assert.deepEqual(own.check?.run.slice(-2), ['%a %u %G', '755 1000 ops'])
  assert.deepEqual(own.run.run.slice(-5), ['/', url, digest('x'), '755', '1000:ops'])
})

test('an absent download is nothing', async () => {
  const [thing] = await lowered(download, '/opt/tool', { absent: true })
  assert.deepEqual(thing?.type === 'path' && thing.want, { type: 'absent', all: false })
})

test('what is wrong with a download is told in a sentence', () => {
  const table: readonly (readonly [unknown, string])[] = [
    [{ sha256: digest('x') }, "download has no 'url'; add url: 'https://example.com/tool'"],
    [{ url }, "download has no 'sha256'; add sha256: '…', what `sha256sum FILE` prints"],
    [
      { url: 'ftp://x', sha256: digest('x') },
      "download.url is 'ftp://x' but must be an address, such as 'https://example.com/tool-1.2.tar.gz'; write one like that",
    ],
    [
      { url, sha256: 'ABC' },
      "download.sha256 is 'ABC' but must be a SHA-256 in hexadecimal, such as what `sha256sum FILE` prints; write one like that",
    ],
  ]
  for (const [options, message] of table)
    assert.deepEqual(complaints(download, '/opt/tool', options), [message])
})

/** Runs a script as a host does; what it exits with. */
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

async function scratch(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'download-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function served(t: TestContext, text: string): Promise<string> {
  const server = createServer((_, response) => response.end(text))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  t.after(() => server.close())
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return `http://127.0.0.1:${address.port}/tool`
}

const cannot = existsSync('/usr/lib/apt/apt-helper') ? false : 'needs apt; runs on Debian and Ubuntu'
const mine = { owner: process.getuid?.() ?? 0, group: process.getgid?.() ?? 0 }

test('a host fetches a file, checks it, and puts back what was there', { skip: cannot }, async (t) => {
  const folder = await scratch(t)
  const path = join(folder, "a tool's")
  const keep = join(folder, 'keep')
  const options = { url: await served(t, 'new\n'), sha256: digest('new\n'), mode: '0750', ...mine }
  const thing = await downloading(path, options)
  assert.equal(await outcome(thing.check, keep), 1)
  await writeFile(path, 'old\n', { mode: 0o600 })
  assert.equal(await outcome(thing.undo, keep), 0)
  assert.equal(await readFile(path, 'utf8'), 'old\n')
  assert.equal(await outcome(thing.run, keep), 0)
  assert.equal(await readFile(path, 'utf8'), 'new\n')
  assert.equal((await lstat(path)).mode & 0o7777, 0o750)
  assert.equal(await outcome(thing.check, keep), 0)
  await writeFile(path, 'bad\n')
  assert.equal(await outcome(thing.check, keep), 1)
  assert.deepEqual((await readdir(folder)).toSorted(), ["a tool's", 'keep'])
  for (const time of ['once', 'twice']) {
    assert.equal(await outcome(thing.undo, keep), 0, time)
    assert.equal(await readFile(path, 'utf8'), 'old\n')
    assert.equal((await lstat(path)).mode & 0o7777, 0o600)
  }
})

test('what was not there is gone again after an undo', { skip: cannot }, async (t) => {
  const folder = await scratch(t)
  const keep = join(folder, 'keep')
  const path = join(folder, 'tool')
  const thing = await downloading(path, { url: await served(t, 'new\n'), sha256: digest('new\n'), ...mine })
  assert.equal(await outcome(thing.run, keep), 0)
  assert.equal(await outcome(thing.undo, keep), 0)
  assert.deepEqual(await readdir(folder), ['keep'])
})

test('bytes that are others, and a folder in the way, change nothing', { skip: cannot }, async (t) => {
  const folder = await scratch(t)
  const keep = join(folder, 'keep')
  const path = join(folder, 'tool')
  await writeFile(path, 'old\n')
  const url = await served(t, 'bad\n')
  assert.notEqual(
    await outcome((await downloading(path, { url, sha256: digest('new\n'), ...mine })).run, keep),
    0,
  )
  assert.equal(await readFile(path, 'utf8'), 'old\n')
  assert.deepEqual(await readdir(folder), ['tool'])
  await mkdir(join(folder, 'place'))
  const there = await downloading(join(folder, 'place'), { url, sha256: digest('bad\n'), ...mine })
  assert.notEqual(await outcome(there.run, keep), 0)
  assert.deepEqual((await readdir(folder)).toSorted(), ['place', 'tool'])
})

test('a link to a file that is right is not the file', { skip: cannot }, async (t) => {
  const folder = await scratch(t)
  await writeFile(join(folder, 'real'), 'new\n', { mode: 0o777 })
  await symlink('real', join(folder, 'tool'))
  const options = { url, sha256: digest('new\n'), mode: '0777', ...mine }
  assert.equal(await outcome((await downloading(join(folder, 'tool'), options)).check, ''), 1)
})
