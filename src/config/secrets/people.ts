/** Who can read the secrets: the lines of `secrets/recipients`, and the files that are encrypted for them. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import { parseRecipients } from './recipients.ts'
import { rewriteFile, textOf } from '../edit/rewrite-file.ts'
import type { Secret } from './secret.ts'
import { readSecrets, sealAgain } from './secrets.ts'

const file = 'secrets/recipients'

export type Keeper = Readonly<{ dir: string; identity: Secret }>

/** Environments that have secrets, in alphabetical order. */
export async function environmentsWithSecrets(dir: string): Promise<readonly string[]> {
  const names = await readdir(join(dir, 'secrets')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.flatMap((name) => /^(.+)\.env\.age$/.exec(name)?.[1] ?? []).toSorted()
}

/** Encrypts the secrets of all environments anew; returns which. */
export async function sealAll({ dir, identity }: Keeper): Promise<readonly string[]> {
  const environments = await environmentsWithSecrets(dir)
  for (const environment of environments) await sealAgain({ dir, environment, identity })
  return environments
}

/** Adds somebody to those who can read, and encrypts all secrets anew. */
export async function addPerson(keeper: Keeper, name: string, recipient: string): Promise<readonly string[]> {
  if (!/^[\p{L}\p{N}._@-]{1,64}$/u.test(name)) {
    throw new TroubleError({
      what: `'${name}' cannot be a name here`,
      now: 'use letters, digits and . _ @ -',
    })
  }
  if (!/^age1[0-9a-z]{58}$/.test(recipient)) {
    const now = 'they run `tandem secret key` and send you the line: age1 and 58 letters and digits'
    throw new TroubleError({ what: `'${recipient.slice(0, 20)}' is no recipient`, now })
  }
  return await alter(keeper, (text) => {
    if (parseRecipients(text).includes(recipient))
      throw new TroubleError({ what: 'this key is there already', where: file, now: 'nothing is to be done' })
    if (lineOf(text, name) !== null)
      throw new TroubleError({
        what: `${name} is there already`,
        where: file,
        now: 'take the old line out first, or give another name',
      })
    return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${recipient} # ${name}\n`
  })
}

/** Takes somebody out, by name or by key, and encrypts all secrets anew. */
export async function removePerson(keeper: Keeper, name: string): Promise<readonly string[]> {
  const { identityToRecipient } = await import('age-encryption')
  const own = await identityToRecipient(keeper.identity.reveal())
  return await alter(keeper, (text) => {
    const line = lineOf(text, name)
    if (line === null)
      throw new TroubleError({
        what: `there is nobody called ${name}`,
        where: file,
        now: `known: ${namesIn(text).join(', ') || 'nobody with a name'}`,
      })
    if (parseRecipients(line).includes(own))
      throw new TroubleError({
        what: 'this is your own key: you could not read what you write',
        where: file,
        now: 'let somebody else take it out',
      })
    return text
      .split('\n')
      .filter((one) => one !== line)
      .join('\n')
  })
}

/** Nothing is written unless all secrets can be read: else some would be encrypted for others than the rest. */
async function alter(keeper: Keeper, change: (text: string) => string): Promise<readonly string[]> {
  const { dir, identity } = keeper
  for (const environment of await environmentsWithSecrets(dir))
    await readSecrets({ dir, environment, identity })
  const path = join(dir, file)
  const before = await textOf(path)
  if (before === null)
    throw new TroubleError({
      what: 'there are no secrets yet',
      where: file,
      now: 'begin with `tandem secret set NAME`',
    })
  await rewriteFile(path, async (text) => change(text ?? ''))
  try {
    return await sealAll(keeper)
  } catch (thrown) {
    // A key that is misspelt is found when something is encrypted for it.
    await rewriteFile(path, async () => before)
    await sealAll(keeper)
    throw thrown
  }
}

/** The line of somebody: their name is its comment, or they are named by their key. */
function lineOf(text: string, name: string): string | null {
  const lines = text.split('\n').filter((line) => /^\s*age1/.test(line))
  return lines.find((line) => nameIn(line) === name || line.trim().split(/[\s#]/)[0] === name) ?? null
}

const nameIn = (line: string): string => /#\s*(.*?)\s*$/.exec(line)?.[1] ?? ''

const namesIn = (text: string): readonly string[] =>
  text.split('\n').flatMap((line) => (/^\s*age1/.test(line) && nameIn(line) !== '' ? [nameIn(line)] : []))
