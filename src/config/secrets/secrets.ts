/**
 * Secrets of an app, in the repository: `secrets/ENVIRONMENT.env.age` is a JSON object of names and values, encrypted
 * with age (armoured, so that git shows it as text) for everybody in `secrets/recipients`. JSON because values may have
 * several lines and quotes. Plaintext is only ever in memory.
 */
import { join } from 'node:path'
import type { Encrypter } from 'age-encryption'
import { TroubleError } from '../../change/trouble.ts'
import { type Recipients, readRecipients } from './recipients.ts'
import { rewriteFile, textOf } from '../edit/rewrite-file.ts'
import { Secret } from './secret.ts'

/** Whose secrets, and who asks: the folder of `tandem.ts`, an environment, and one person's age identity. */
export type Vault = Readonly<{ dir: string; environment: string; identity: Secret }>

const variable = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/
const mostBytes = 1024 * 1024

/** A new key pair: the identity is to be kept, the recipient goes into `secrets/recipients`. */
export async function makeIdentity(): Promise<Readonly<{ identity: Secret; recipient: string }>> {
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption')
  const identity = await generateX25519Identity()
  return { identity: new Secret(identity), recipient: await identityToRecipient(identity) }
}

/** The identity in the text of a key file, as `age-keygen` writes it: comments, and one line `AGE-SECRET-KEY-…`. */
export function identityIn(text: string): Secret {
  const line = text.split('\n').find((one) => one.startsWith('AGE-SECRET-KEY-'))
  if (line !== undefined) return new Secret(line.trim())
  throw new TroubleError({
    what: 'there is no age identity in this key file',
    now: 'give the file with a line AGE-SECRET-KEY-…',
  })
}

/** The secrets of an environment by name. Throws a `TroubleError` when there are none, or none for this identity. */
export async function readSecrets(vault: Vault): Promise<ReadonlyMap<string, Secret>> {
  const sealed = await textOf(pathOf(vault))
  if (sealed !== null) return await open(sealed, vault)
  throw new TroubleError({
    what: `there are no secrets for ${vault.environment}`,
    where: fileOf(vault.environment),
    now: `run \`tandem secret set NAME --in ${vault.environment}\`, and commit the file`,
  })
}

/** The names only, in alphabetical order; none when there is no file yet. */
export async function listSecretNames(vault: Vault): Promise<readonly string[]> {
  const sealed = await textOf(pathOf(vault))
  return sealed === null ? [] : [...(await open(sealed, vault)).keys()].toSorted()
}

/** Adds or replaces a secret, and encrypts the file anew for all who are recipients now. */
export async function setSecret(vault: Vault, name: string, value: Secret): Promise<void> {
  refuseStrange(name, value)
  await alter(vault, (secrets) => new Map(secrets).set(name, value))
}

/** Takes a secret out; a `TroubleError` when there is none of this name. */
export async function removeSecret(vault: Vault, name: string): Promise<void> {
  await alter(vault, (secrets) => {
    if (secrets.has(name)) return new Map([...secrets].filter(([other]) => other !== name))
    throw new TroubleError({
      what: `there is no secret called '${name}'`,
      where: fileOf(vault.environment),
      now: `known: ${[...secrets.keys()].join(', ') || 'none'}`,
    })
  })
}

/** Puts all secrets in the place of those that were `seen`; a `TroubleError` when somebody altered them meanwhile. */
export async function replaceSecrets(vault: Vault, seen: Secrets, secrets: Secrets): Promise<void> {
  for (const [name, value] of secrets) refuseStrange(name, value)
  await alter(vault, (found) => {
    const isSame =
      found.size === seen.size && [...found].every(([name, one]) => seen.get(name)?.reveal() === one.reveal())
    if (isSame) return secrets
    throw new TroubleError({
      what: 'somebody altered these secrets meanwhile',
      where: fileOf(vault.environment),
      now: 'do it again, with what is there now',
    })
  })
}

/** Encrypts the file anew: after somebody came to `secrets/recipients`, or left it. */
export async function sealAgain(vault: Vault): Promise<void> {
  await alter(vault, (secrets) => secrets)
}

type Secrets = ReadonlyMap<string, Secret>

function refuseStrange(name: string, value: Secret): void {
  if (!variable.test(name)) {
    throw new TroubleError({
      what: `'${name}' cannot be the name of a secret`,
      now: 'use letters, digits and underscores, such as DATABASE_URL',
    })
  }
  if (value.reveal().includes('\0')) {
    throw new TroubleError({
      what: `the value of ${name} has a NUL byte`,
      now: 'encode it, for example in base64',
    })
  }
}

async function alter(vault: Vault, change: (secrets: Secrets) => Secrets): Promise<void> {
  const recipients = await readRecipients(vault.dir, vault.identity)
  await rewriteFile(pathOf(vault), async (sealed) => {
    const secrets = sealed === null ? new Map<string, Secret>() : await open(sealed, vault)
    return await seal(change(secrets), recipients)
  })
}

async function seal(secrets: Secrets, recipients: Recipients): Promise<string> {
  const { armor, Encrypter } = await import('age-encryption')
  const entries = [...secrets]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, value.reveal()])
  const plain = JSON.stringify(Object.fromEntries(entries))
  if (plain.length > mostBytes) {
    throw new TroubleError({ what: 'the secrets are more than 1 MB', now: 'keep large files elsewhere' })
  }
  const encrypter = new Encrypter()
  for (const recipient of recipients) add(encrypter, recipient)
  return armor.encode(await encrypter.encrypt(plain))
}

function add(encrypter: Pick<Encrypter, 'addRecipient'>, recipient: string): void {
  try {
    encrypter.addRecipient(recipient)
  } catch (cause) {
    const what = `the recipient ${recipient.slice(0, 20)}… is misspelt`
    throw new TroubleError({ what, where: 'secrets/recipients', now: 'copy it again, whole' }, { cause })
  }
}

async function open(sealed: string, { environment, identity }: Vault): Promise<Secrets> {
  const { armor, Decrypter } = await import('age-encryption')
  const where = fileOf(environment)
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity.reveal())
  const plain = await decrypter
    .decrypt(decoded(armor.decode, sealed, where), 'text')
    .catch((cause: unknown) => {
      throw locked(where, cause)
    })
  return parsed(plain, where)
}

function decoded(decode: (text: string) => Uint8Array, sealed: string, where: string): Uint8Array {
  try {
    return decode(sealed)
  } catch (cause) {
    throw damaged(where, cause)
  }
}

function parsed(plain: string, where: string): Secrets {
  const found = asJson(plain)
  if (typeof found !== 'object' || found === null || Array.isArray(found)) throw damaged(where, null)
  const secrets = new Map<string, Secret>()
  for (const [name, value] of Object.entries(found)) {
    if (!variable.test(name) || typeof value !== 'string') throw damaged(where, null)
    secrets.set(name, new Secret(value))
  }
  return secrets
}

function asJson(plain: string): unknown {
  try {
    return JSON.parse(plain)
  } catch {
    // The parser's message quotes what it read, which is a secret.
    return null
  }
}

function pathOf({ dir, environment }: Vault): string {
  return join(dir, fileOf(environment))
}

function fileOf(environment: string): string {
  return `secrets/${environment}.env.age`
}

function locked(where: string, cause: unknown): TroubleError {
  const isStranger = cause instanceof Error && cause.message.startsWith('no identity matched')
  if (!isStranger) return damaged(where, cause)
  const now =
    'ask somebody who can read it to add your line to secrets/recipients and run `tandem secret seal`'
  return new TroubleError({ what: 'these secrets are not encrypted for your key', where, now }, { cause })
}

function damaged(where: string, cause: unknown): TroubleError {
  const now = 'take the last good one out of git: `git log -- ' + where + '`'
  return new TroubleError({ what: 'this file of secrets is damaged', where, now }, { cause })
}
