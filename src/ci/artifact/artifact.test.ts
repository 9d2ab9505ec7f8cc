import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { type Artifact, deltaTar, packFolder } from './artifact.ts'
import { digestOfList, listOf } from './list.ts'
import { manifestIn, manifestWith } from './read-artifact.ts'

const run = promisify(execFile)
const treeProgram = join(import.meta.dirname, '../../deploy/host/tree.pl')

type Place = Readonly<{ dir: string; source: string; artifact: Artifact }>

/** A folder with one of everything, packed. */
async function packed(t: TestContext): Promise<Place> {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-artifact-'))
  t.after(() => rm(dir, { recursive: true }))
  const source = join(dir, 'source')
  await mkdir(join(source, 'lib/deep'), { recursive: true })
  await mkdir(join(source, 'empty'))
  await mkdir(join(source, 'uploads'))
  await writeFile(join(source, 'server.js'), 'serve()\n')
  await writeFile(join(source, 'lib/deep/a\\b'), 'odd\n')
  await writeFile(join(source, 'lib/line\nfeed'), 'odder\n')
  await writeFile(join(source, 'uploads/.keep'), '')
  await writeFile(join(source, 'large.bin'), Buffer.alloc(2_000_000, 7))
  await writeFile(join(source, 'run'), '#!/bin/sh\n')
  await chmod(join(source, 'run'), 0o755)
  await symlink('lib/deep', join(source, 'current'))
  return { dir, source, artifact: await packFolder(source, dir) }
}

test('what an artifact holds is read out of it as it was packed', async (t) => {
  const { dir, artifact } = await packed(t)
  assert.deepEqual(await manifestIn(dir, artifact.id), artifact.manifest)
})

test('sha256sum itself reads the list and finds all of it right', async (t) => {
  const { dir, source, artifact } = await packed(t)
  const list = listOf(artifact.manifest)
  await writeFile(join(dir, 'list'), list)
  const { stdout } = await run('sha256sum', ['-c', '--strict', join(dir, 'list')], { cwd: source })
  assert.equal(stdout.trim().split('\n').length, 6)
  assert.match(list, /^# x run$/m)
  assert.match(list, /^# l current\tlib\/deep$/m)
  assert.match(list, /^# d empty$/m)
})

test('an artifact of other bytes is refused, whatever was noted down of it', async (t) => {
  const { dir, artifact } = await packed(t)
  const files = digestOfList(listOf(artifact.manifest))
  const note = join(dir, `${artifact.id}.json`)
  await writeFile(note, (await readFile(note, 'utf8')).replace('server.js', 'serves.js'))
  assert.deepEqual(await manifestWith(dir, artifact.id, files), artifact.manifest)
  assert.deepEqual(JSON.parse(await readFile(note, 'utf8')), artifact.manifest)
  await assert.rejects(manifestWith(dir, artifact.id, '0'.repeat(64)), /is damaged/)
  const tar = join(dir, `${artifact.id}.tar`)
  const bytes = await readFile(tar)
  for (const at of [0, 156, 600, bytes.length - 1]) {
    bytes[at] = (bytes[at] ?? 0) ^ 1
    await writeFile(tar, bytes)
    await assert.rejects(manifestIn(dir, artifact.id), /is damaged: its bytes no longer give its name/)
    bytes[at] = (bytes[at] ?? 0) ^ 1
  }
  await writeFile(tar, bytes.subarray(0, 700))
  const all = { wanted: new Set(['large.bin', 'server.js', 'lib/deep/a\\b']), gone: [] }
  await assert.rejects(deltaTar(dir, artifact.id, all), /is damaged/)
  await assert.rejects(manifestIn(dir, artifact.id), /is damaged/)
})

/** Runs the program of hosts, then sha256sum on what it leaves to check; `null` when both find nothing wrong. */
async function wrongOf({ dir, source, artifact }: Place, mode: 'clean' | 'look'): Promise<string | null> {
  await writeFile(join(dir, 'list'), listOf(artifact.manifest))
  await writeFile(join(dir, 'shared'), 'uploads\nconfig/local.json\n')
  try {
    const words = [treeProgram, join(dir, 'list'), mode, join(dir, 'shared')]
    const { stdout } = await run('perl', words, { cwd: source })
    await writeFile(join(dir, 'sums'), stdout)
    await run('sha256sum', ['-c', '--quiet', '--strict', join(dir, 'sums')], { cwd: source })
    return null
  } catch (thrown) {
    const { stdout, stderr } = thrown as Readonly<{ stdout: string; stderr: string }>
    return `${stdout}${stderr}`
  }
}

const alterations: Readonly<Record<string, Readonly<{ by: string; says: RegExp }>>> = {
  'another byte': { by: 'printf x >server.js', says: /server\.js: FAILED/ },
  'another byte in a file with an odd name': { by: "printf x >'lib/deep/a\\b'", says: /FAILED/ },
  'a missing file': { by: 'rm server.js', says: /server\.js is not what was built/ },
  'a file that may be executed': { by: 'chmod +x server.js', says: /server\.js is not/ },
  'a program that may not': { by: 'chmod -x run', says: /run is not/ },
  'a link that leads elsewhere': { by: 'ln -sfn lib current', says: /current is not/ },
  'a link in place of a file': { by: 'mv server.js ../s; ln -s ../s server.js', says: /server\.js is not/ },
  'a link in place of a folder': { by: 'mv lib ../lib; ln -s ../lib lib', says: /lib is not/ },
  'a file in place of a folder': { by: 'rmdir empty; touch empty', says: /empty is not/ },
}

for (const [name, { by, says }] of Object.entries(alterations)) {
  test(`a host finds ${name}`, async (t) => {
    const place = await packed(t)
    assert.equal(await wrongOf(place, 'look'), null)
    await run('sh', ['-c', by], { cwd: place.source })
    assert.match((await wrongOf(place, 'look')) ?? 'nothing', says)
    assert.match((await wrongOf(place, 'clean')) ?? 'nothing', /FAILED|is not what was built/)
  })
}

test('a host removes what no list names, and leaves alone what outlives releases', async (t) => {
  const place = await packed(t)
  const { source } = place
  await run('sh', ['-c', 'mkdir -p more/and lib/x; touch more/and/more lib/x/y index.mjs empty/z'], {
    cwd: source,
  })
  await run('sh', ['-c', 'rm -r uploads; ln -s /srv/uploads uploads; ln -s /etc lib/etc'], { cwd: source })
  await run('sh', ['-c', 'mkdir config; ln -s /srv/l config/local.json; touch config/x'], { cwd: source })
  assert.equal(await wrongOf(place, 'look'), null)
  assert.equal(await wrongOf(place, 'clean'), null)
  const left = await run('find', ['.', '-mindepth', '1'], { cwd: source })
  const names = left.stdout.split('\n').filter((line) => /more|x|etc|index|z$/.test(line))
  assert.deepEqual(names, [])
  assert.match(left.stdout, /^\.\/uploads$/m)
  assert.match(left.stdout, /^\.\/config\/local\.json$/m)
})
