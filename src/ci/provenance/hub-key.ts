import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import { type HubKey, hubKey } from './envelope.ts'

/** The secret key of a hub: who can read it can make any release look tested. */
export const keyFileIn = (stateDir: string): string => join(stateDir, 'release-key.pem')

/** The key that this hub signs releases with: made once, readable by its owner alone. */
export async function openHubKey(stateDir: string): Promise<HubKey> {
  const path = keyFileIn(stateDir)
  const text = (await readKey(path)) ?? (await makeKey(path))
  try {
    const secret = createPrivateKey(text)
    if (secret.asymmetricKeyType === 'ed25519') return hubKey(secret)
  } catch {
    // Whatever it is, it is no key: said below.
  }
  throw new TroubleError({
    what: 'this file is no Ed25519 key',
    where: path,
    now: 'put back the one from your backup; hosts take releases only from the hub that they know',
  })
}

async function readKey(path: string): Promise<string | null> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (found === null) return null
  if ((found.mode & 0o077) === 0) return readFile(path, 'utf8')
  throw new TroubleError({
    what: 'others can read the key that releases are signed with',
    where: path,
    now: `chmod 600 ${path}; if somebody may have read it, move it away and remove hub.keys on the hosts`,
  })
}

/** Two processes may begin at once: the first file under the name stays, whole. */
async function makeKey(path: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const text = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const part = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`
  await writeFile(part, text, { mode: 0o600, flag: 'wx', flush: true })
  await link(part, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(part)
  return readFile(path, 'utf8')
}
