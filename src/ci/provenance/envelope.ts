import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { z } from 'zod'
import { readSshSignature, signForSsh, sshKeyOf } from './ssh-signature.ts'

/** What a statement of in-toto is called where it is signed. */
export const payloadType = 'application/vnd.in-toto+json'

/** A signed statement: DSSE v1. The payload and the signatures are base64. */
export type Envelope = Readonly<{
  payloadType: string
  payload: string
  signatures: readonly Readonly<{ keyid: string; sig: string }>[]
}>

/** A key that signs what this hub has made. `id` is its fingerprint, as OpenSSH writes it. */
export type HubKey = Readonly<{ id: string; secret: KeyObject; line: string }>

/** Signatures by keys of OpenSSH, which every host can check, are named so. */
const ofSsh = 'ssh:'

const envelopeSchema = z.strictObject({
  payloadType: z.literal(payloadType),
  payload: z.base64().max(2_000_000),
  signatures: z
    .array(z.strictObject({ keyid: z.string().max(200), sig: z.base64().max(4_000) }))
    .min(1)
    .max(8),
})

/** The key in an Ed25519 secret: its fingerprint, and its public half as a line of OpenSSH. */
export function hubKey(secret: KeyObject): HubKey {
  const { id, line } = sshKeyOf(createPublicKey(secret))
  return { id, secret, line }
}

/** The bytes that are signed: DSSE's pre-authentication encoding of a payload. */
export function signedBytes(payload: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `),
    payload,
  ])
}

/** Signs a text twice with one key: plainly, for whoever reads DSSE, and as OpenSSH does, for hosts. */
export function seal(key: HubKey, text: string): Envelope {
  const payload = Buffer.from(text)
  const bytes = signedBytes(payload)
  return {
    payloadType,
    payload: payload.toString('base64'),
    signatures: [
      { keyid: key.id, sig: sign(null, bytes, key.secret).toString('base64') },
      { keyid: ofSsh + key.id, sig: signForSsh(key.secret, bytes).toString('base64') },
    ],
  }
}

/** What an envelope says, if this key has signed it in both ways and nothing else is in it; `null` for any other. */
export function unseal(
  key: HubKey,
  envelope: unknown,
): Readonly<{ text: string; forHosts: SignedText }> | null {
  const read = envelopeSchema.safeParse(envelope)
  if (!read.success) return null
  const { payload, signatures } = read.data
  const [plain, ssh, ...others] = signatures
  if (plain?.keyid !== key.id || ssh?.keyid !== ofSsh + key.id || others.length > 0) return null
  const text = Buffer.from(payload, 'base64')
  // One payload has one spelling: a byte that decoding ignores is a changed one all the same.
  if (text.toString('base64') !== payload) return null
  const bytes = signedBytes(text)
  const seen = createPublicKey(key.secret)
  const sig = Buffer.from(plain.sig, 'base64')
  if (sig.toString('base64') !== plain.sig || !verify(null, bytes, seen, sig)) return null
  const blob = Buffer.from(ssh.sig, 'base64')
  if (blob.toString('base64') !== ssh.sig || !readSshSignature(seen, blob, bytes)) return null
  return { text: text.toString('utf8'), forHosts: { signed: bytes, signature: armored(blob) } }
}

/** What a host checks with `ssh-keygen -Y verify`: the bytes that were signed, and the signature as a file. */
export type SignedText = Readonly<{ signed: Buffer; signature: string }>

function armored(blob: Buffer): string {
  const lines = blob.toString('base64').match(/.{1,70}/g) ?? []
  return ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----', ''].join('\n')
}
