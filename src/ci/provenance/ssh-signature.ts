import { createHash, hash, type KeyObject, sign, verify } from 'node:crypto'

/** Signatures of OpenSSH are for one purpose: this is ours (PROTOCOL.sshsig of OpenSSH). */
export const namespace = 'tandem-release'

const kind = 'ssh-ed25519'
const digest = 'sha512'
/** The raw public key is the end of its DER form. */
const rawBytes = 32
const signatureBytes = 64

/** The public half of an Ed25519 key as OpenSSH knows it. */
export function sshKeyOf(key: KeyObject): Readonly<{ id: string; line: string }> {
  const blob = keyBlob(key)
  const id = `SHA256:${hash('sha256', blob, 'base64').replace(/=+$/, '')}`
  return { id, line: `${kind} ${blob.toString('base64')}` }
}

/** Signs as `ssh-keygen -Y sign -n tandem-release` does; the result is what its armor holds. */
export function signForSsh(secret: KeyObject, message: Uint8Array): Buffer {
  return blobOf(secret, sign(null, wrapped(message), secret))
}

/** Whether these bytes are the one signature of this key under this message. */
export function readSshSignature(key: KeyObject, blob: Buffer, message: Uint8Array): boolean {
  const signature = blob.subarray(-signatureBytes)
  return blob.equals(blobOf(key, signature)) && verify(null, wrapped(message), key, signature)
}

function blobOf(key: KeyObject, signature: Uint8Array): Buffer {
  const version = Buffer.from([0, 0, 0, 1])
  const rest = [keyBlob(key), namespace, '', digest, Buffer.concat([field(kind), field(signature)])]
  return Buffer.concat([Buffer.from('SSHSIG'), version, ...rest.map(field)])
}

/** What is really signed: the purpose beside the digest of the message. */
function wrapped(message: Uint8Array): Buffer {
  const hashed = createHash(digest).update(message).digest()
  return Buffer.concat([Buffer.from('SSHSIG'), ...[namespace, '', digest, hashed].map(field)])
}

function keyBlob(key: KeyObject): Buffer {
  const { x = '' } = key.export({ format: 'jwk' })
  const raw = Buffer.from(x, 'base64url')
  if (raw.length !== rawBytes) throw new Error('this is no Ed25519 key')
  return Buffer.concat([field(kind), field(raw)])
}

/** A string of the SSH protocol (RFC 4251, section 5): its length in four bytes, then itself. */
function field(content: string | Uint8Array): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
