import assert from 'node:assert/strict'
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { TroubleError } from '../../change/trouble.ts'
import { scratchProject } from '../scratch-project.ts'
import { Secret } from './secret.ts'
import {
  identityIn,
  listSecretNames,
  makeIdentity,
  readSecrets,
  removeSecret,
  sealAgain,
  setSecret,
  type Vault,
} from './secrets.ts'

const key = '-----BEGIN KEY-----\nabc\n"quoted" \\ $x \u00e9\n-----END KEY-----\n'

test('secrets come back as they went in, several lines and quotes included', async () => {
  await using world = await vaultWorld()
  await setSecret(world.vault, 'KEY', new Secret(key))
  await setSecret(world.vault, 'EMPTY', new Secret(''))
  await setSecret(world.vault, 'KEY2', new Secret('other'))
  const secrets = await readSecrets(world.vault)
  assert.deepEqual(
    [...secrets].map(([name, secret]) => [name, secret.reveal()]),
    [
      ['EMPTY', ''],
      ['KEY', key],
      ['KEY2', 'other'],
    ],
  )
  await removeSecret(world.vault, 'KEY2')
  assert.deepEqual(await listSecretNames(world.vault), ['EMPTY', 'KEY'])
  await assert.rejects(removeSecret(world.vault, 'KEY2'), { message: "there is no secret called 'KEY2'" })
})

test('what lies on the disk is only armoured ciphertext, and no draft stays behind', async () => {
  await using world = await vaultWorld()
  await setSecret(world.vault, 'CANARY', new Secret('tweet-tweet-tweet'))
  assert.deepEqual((await readdir(join(world.vault.dir, 'secrets'))).toSorted(), [
    'production.env.age',
    'recipients',
  ])
  const sealed = await readFile(join(world.vault.dir, 'secrets/production.env.age'), 'utf8')
  assert.match(sealed, /^-----BEGIN AGE ENCRYPTED FILE-----\n/)
  assert.ok(!sealed.includes('tweet') && !sealed.includes('CANARY'))
})

test('a colleague can read once they are a recipient and the file is sealed again', async () => {
  await using world = await vaultWorld()
  await setSecret(world.vault, 'A', new Secret('1'))
  const colleague = await makeIdentity()
  const theirs = { ...world.vault, identity: colleague.identity }
  await assert.rejects(readSecrets(theirs), { message: 'these secrets are not encrypted for your key' })
  await world.recipients(`${world.recipient} # ada\n\n# grace\n${colleague.recipient}\n`)
  await sealAgain(world.vault)
  assert.equal((await readSecrets(theirs)).get('A')?.reveal(), '1')
})

test('of many who write at once, none loses what another wrote', async () => {
  await using world = await vaultWorld()
  const names = ['A', 'B', 'C', 'D', 'E', 'F']
  await Promise.all(names.map((name) => setSecret(world.vault, name, new Secret(name))))
  assert.deepEqual(await listSecretNames(world.vault), names)
})

test("a draft left by somebody who died long ago is in nobody's way", async () => {
  await using world = await vaultWorld()
  const draft = join(world.vault.dir, 'secrets/production.env.age.draft')
  await writeFile(draft, 'half a f')
  await utimes(draft, 0, 0)
  await setSecret(world.vault, 'A', new Secret('1'))
  assert.deepEqual(await listSecretNames(world.vault), ['A'])
})

test('every trouble with secrets says what to do', async () => {
  await using world = await vaultWorld()
  const troubleOf = async (doing: Promise<unknown>) => {
    const error = await doing.then(
      () => assert.fail('no trouble'),
      (thrown: unknown) => thrown,
    )
    assert.ok(error instanceof TroubleError)
    return error.trouble
  }
  assert.deepEqual(await troubleOf(readSecrets(world.vault)), {
    what: 'there are no secrets for production',
    where: 'secrets/production.env.age',
    now: 'run `tandem secret set NAME --in production`, and commit the file',
  })
  assert.deepEqual(await listSecretNames(world.vault), [])
  assert.equal(
    (await troubleOf(setSecret(world.vault, 'A-B', new Secret('x')))).what,
    "'A-B' cannot be the name of a secret",
  )
  assert.match((await troubleOf(setSecret(world.vault, 'A', new Secret('\0')))).what, /NUL/)

  await world.recipients('')
  const add = `add this line: ${world.recipient}`
  assert.deepEqual(await troubleOf(setSecret(world.vault, 'A', new Secret('x'))), {
    what: 'nobody could read the secrets',
    where: 'secrets/recipients',
    now: add,
  })
  await world.recipients((await makeIdentity()).recipient)
  assert.equal(
    (await troubleOf(setSecret(world.vault, 'A', new Secret('x')))).what,
    'you could not read what you write',
  )
  await world.recipients('# us\nssh-ed25519 AAAA\n')
  assert.equal((await troubleOf(setSecret(world.vault, 'A', new Secret('x')))).where, 'secrets/recipients:2')
  await world.recipients(`${world.recipient}\n${world.recipient.slice(0, -1)}\n`)
  assert.match(
    (await troubleOf(setSecret(world.vault, 'A', new Secret('x')))).what,
    /^the recipient age1.* is misspelt$/,
  )

  await world.recipients(world.recipient)
  await setSecret(world.vault, 'A', new Secret('x'))
  const path = join(world.vault.dir, 'secrets/production.env.age')
  const sealed = await readFile(path, 'utf8')
  const middle = Math.floor(sealed.length * 0.8)
  const broken = [
    sealed.slice(0, middle),
    '<<<<<<< HEAD\n',
    sealed.replace(sealed.charAt(middle), sealed.charAt(middle) === 'A' ? 'B' : 'A'),
  ]
  for (const text of broken) {
    await writeFile(path, text)
    assert.equal((await troubleOf(readSecrets(world.vault))).what, 'this file of secrets is damaged')
  }
})

test('a key file of age-keygen is understood', async () => {
  const { identity } = await makeIdentity()
  const text = `# created: today\n# public key: age1xyz\n${identity.reveal()}\n`
  assert.equal(identityIn(text).reveal(), identity.reveal())
  assert.throws(() => identityIn('hello'), { message: 'there is no age identity in this key file' })
})

test('a secret prints as [secret] in every way of printing', () => {
  const secret = new Secret('hunter2')
  const printed = [
    String(secret),
    'a ' + String(secret),
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ a: [secret] }),
  ]
  assert.deepEqual(printed, [
    '[secret]',
    'a [secret]',
    '{"secret":"[secret]"}',
    '[secret]',
    '{ a: [ [secret] ] }',
  ])
  assert.deepEqual(Object.keys(secret), [])
  assert.equal(secret.reveal(), 'hunter2')
})

type VaultWorld = AsyncDisposable &
  Readonly<{ vault: Vault; recipient: string; recipients: (text: string) => Promise<void> }>

async function vaultWorld(): Promise<VaultWorld> {
  const { identity, recipient } = await makeIdentity()
  const project = await scratchProject({ 'secrets/recipients': `${recipient}\n` })
  return {
    vault: { dir: project.dir, environment: 'production', identity },
    recipient,
    recipients: (text) => writeFile(join(project.dir, 'secrets/recipients'), text),
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  }
}
