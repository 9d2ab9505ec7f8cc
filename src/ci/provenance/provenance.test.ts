import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { artifactDir } from '../artifact/artifact.ts'
import { type Envelope, hubKey, seal, signedBytes, unseal } from './envelope.ts'
import { keyFileIn, openHubKey } from './hub-key.ts'
import { openShelf } from './shelf.ts'
import { type Provenance, readStatement, statementOf } from './statement.ts'

const run = promisify(execFile)

const made: Provenance = {
  release: 'a'.repeat(64),
  files: 'b'.repeat(64),
  repo: 'shop',
  ref: 'refs/heads/main',
  commit: 'c'.repeat(40),
  tree: 'd'.repeat(40),
  run: 'r12',
  jobs: [
    { name: 'build', outcome: 'passed' },
    { name: 'test (node=24)', outcome: 'flaky' },
  ],
  hub: 'SHA256:x',
  version: '0.1.0',
  platform: 'linux-x64',
  startedAt: 1_795_435_200_000,
  endedAt: 1_795_435_260_000,
}

const newKey = () => hubKey(generateKeyPairSync('ed25519').privateKey)

async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-provenance-'))
  t.after(() => rm(dir, { recursive: true }))
  return dir
}

test('a statement is read back as it was made, with and without a run', () => {
  const bare = { ...made, ref: null, tree: null, run: null, jobs: [] }
  for (const one of [made, bare]) assert.deepEqual(readStatement(statementOf(one)), one)
})

test('a statement of another form is not read', () => {
  const text = statementOf(made)
  for (const other of [
    text.slice(1),
    text.replace('slsa.dev/provenance/v1', 'slsa.dev/provenance/v2'),
    text.replace('"release.tar"', '"other.tar"'),
    text.replace('"passed"', '"excellent"'),
    text.replace('{"_type"', '{"more":1,"_type"'),
    '[]',
  ])
    assert.equal(readStatement(other), null, other.slice(0, 80))
})

test('OpenSSL takes the plain signature, and OpenSSH the one for hosts', async (t) => {
  const dir = await folder(t)
  const key = newKey()
  const envelope = seal(key, statementOf(made))
  const opened = unseal(key, envelope)
  assert.ok(opened)
  const at = (name: string) => join(dir, name)
  await writeFile(at('signed'), opened.forHosts.signed)
  await writeFile(at('plain'), Buffer.from(envelope.signatures[0]?.sig ?? '', 'base64'))
  await writeFile(at('ssh'), opened.forHosts.signature)
  await writeFile(at('hubs'), `hub ${key.line}\n`)
  const pem = createPublicKey(key.secret).export({ type: 'spki', format: 'pem' })
  await writeFile(at('key'), pem)
  const openssl = ['pkeyutl', '-verify', '-pubin', '-inkey', at('key'), '-rawin', '-in', at('signed')]
  const plain = await run('openssl', [...openssl, '-sigfile', at('plain')])
  assert.match(plain.stdout, /Verified Successfully/)
  const words = ['-Y', 'verify', '-f', at('hubs'), '-I', 'hub', '-n', 'tandem-release', '-s', at('ssh')]
  const ssh = await run('sh', ['-c', `exec ssh-keygen "$@" <"$0"`, at('signed'), ...words])
  assert.match(ssh.stdout, /Good "tandem-release" signature for hub/)
  assert.ok(ssh.stdout.includes(key.id), 'our fingerprint is not that of OpenSSH')
  await writeFile(at('signed'), Buffer.concat([opened.forHosts.signed, Buffer.from('.')]))
  await assert.rejects(run('sh', ['-c', `exec ssh-keygen "$@" <"$0"`, at('signed'), ...words]))
})

test('what is signed is the encoding that DSSE shows in its specification', () => {
  const bytes = signedBytes(Buffer.from('hello world'))
  assert.equal(bytes.toString(), 'DSSEv1 28 application/vnd.in-toto+json 11 hello world')
})

test('an envelope in which anything was altered, added or left out is not opened', () => {
  const key = newKey()
  const envelope = seal(key, statementOf(made))
  assert.equal(unseal(key, envelope)?.text, statementOf(made))
  assert.equal(unseal(newKey(), envelope), null)
  const [plain, ssh] = envelope.signatures as [Envelope['signatures'][0], Envelope['signatures'][0]]
  const others: readonly unknown[] = [
    null,
    {},
    { ...envelope, more: 1 },
    { ...envelope, payloadType: 'text/plain' },
    { ...envelope, payload: Buffer.from(statementOf({ ...made, run: 'r13' })).toString('base64') },
    { ...envelope, signatures: [] },
    { ...envelope, signatures: [plain] },
    { ...envelope, signatures: [ssh, plain] },
    { ...envelope, signatures: [plain, ssh, ssh] },
    { ...envelope, signatures: [plain, { ...ssh, sig: plain.sig }] },
    { ...envelope, signatures: [plain, seal(key, 'other').signatures[1]] },
    { ...envelope, signatures: seal(newKey(), statementOf(made)).signatures },
  ]
  for (const [nth, other] of others.entries()) assert.equal(unseal(key, other), null, `${nth}`)
})

test('any flipped bit of an envelope keeps it from being opened', () => {
  const key = newKey()
  const bytes = Buffer.from(JSON.stringify(seal(key, statementOf(made))))
  let read = 0
  for (let at = 0; at < bytes.length * 8; at += 5) {
    const flipped = Buffer.from(bytes)
    flipped[at >> 3] = (flipped[at >> 3] ?? 0) ^ (1 << (at & 7))
    const text = flipped.toString('utf8')
    try {
      const value: unknown = JSON.parse(text)
      read += 1
      assert.equal(unseal(key, value), null, `bit ${at}`)
    } catch (thrown) {
      if (!(thrown instanceof SyntaxError)) throw thrown
    }
  }
  assert.ok(read > 1_000, `only ${read} were JSON`)
})

test('a key is made once, for its owner alone, and is the same from then on', async (t) => {
  const dir = await folder(t)
  const [first, second] = await Promise.all([openHubKey(dir), openHubKey(dir)])
  assert.equal(first.id, second.id)
  assert.equal((await openHubKey(dir)).line, first.line)
  assert.equal((await stat(keyFileIn(dir))).mode & 0o777, 0o600)
})

test('a key that others can read, or that is none, is not used', async (t) => {
  const dir = await folder(t)
  await openHubKey(dir)
  await chmod(keyFileIn(dir), 0o640)
  await assert.rejects(openHubKey(dir), /others can read the key/)
  await writeFile(keyFileIn(dir), 'nonsense')
  await chmod(keyFileIn(dir), 0o600)
  await assert.rejects(openHubKey(dir), /no Ed25519 key/)
})

test('a shelf keeps one statement for each commit and run, and listens to its own only', async (t) => {
  const dir = await folder(t)
  await mkdir(artifactDir(dir))
  const shelf = openShelf(dir, newKey())
  const stranger = openShelf(dir, newKey())
  const { hub: _, ...mine } = made
  assert.deepEqual(await shelf.of(made.release), [])
  await shelf.put(mine)
  await Promise.all([
    shelf.put({ ...mine, commit: 'e'.repeat(40) }),
    shelf.put({ ...mine, endedAt: made.endedAt + 1_000 }),
  ])
  const said = await shelf.of(made.release)
  assert.deepEqual(
    said.map(({ provenance }) => [provenance.commit[0], provenance.endedAt - made.endedAt]),
    [
      ['e', 0],
      ['c', 1_000],
    ],
  )
  assert.equal(said[0]?.provenance.hub, shelf.keyId)
  assert.deepEqual(await stranger.of(made.release), [])
  const file = join(artifactDir(dir), `${made.release}.intoto.jsonl`)
  await writeFile(file, `${await readFile(file, 'utf8')}nonsense\n{}\n`)
  assert.equal((await shelf.of(made.release)).length, 2)
})
