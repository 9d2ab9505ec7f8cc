import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Secret } from '../../config/secrets/secret.ts'
import { writePrivateOnce } from '../hub/reach/private-file.ts'
import type { World } from '../world.ts'

/** Where the key to the secrets lies: TANDEM_IDENTITY, or beside the logins. It is an age identity file. */
export function identityFile(world: World): string {
  const { TANDEM_IDENTITY: named = '', XDG_CONFIG_HOME: config = '' } = world.env
  if (named !== '') return named
  return join(config === '' ? join(world.home, '.config') : config, 'tandem', 'identity')
}

/** The key of whoever runs this; one is made where there is none. */
export async function ownIdentity(world: World): Promise<Secret> {
  const { identityIn, makeIdentity } = await import('../../config/secrets/secrets.ts')
  const path = identityFile(world)
  const text = await textOf(path)
  if (text !== null) return identityIn(text)
  const { identity, recipient } = await makeIdentity()
  // Two may need it for the first time at once: what one has sealed the other must be able to open.
  const isOurs = await writePrivateOnce(path, `# public key: ${recipient}\n${identity.reveal()}\n`)
  if (!isOurs) return identityIn(await readFile(path, 'utf8'))
  world.err(`made a key of yours in ${path}: keep a copy where you keep passwords`)
  return identity
}

function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}

/** Its public half: the line for `secrets/recipients`. */
export async function recipientOf(identity: Secret): Promise<string> {
  const { identityToRecipient } = await import('age-encryption')
  return identityToRecipient(identity.reveal())
}
