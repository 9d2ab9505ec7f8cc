import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { ForgeConfig } from '../../config/repo/repo.ts'

/** A webhook as it came in: nothing of it has been parsed. */
export type Delivery = Readonly<{
  /** The value of a header, named in small letters; null where it was not sent. */
  header: (name: string) => string | null
  body: Uint8Array
}>

/** How far the clock of a forge that signs the time may be from ours, and how long such a delivery can be sent again. */
export const windowMs = 5 * 60_000

/** Who knows a shorter one by guessing needs no other way in. */
const shortest = 16

/**
 * Why nobody should believe that this delivery is the forge's; null when it is. The scheme is the one that was
 * configured, whatever headers were sent: forges send those of each other as well, and anybody can.
 */
export function faultOf(
  forge: Pick<ForgeConfig, 'kind' | 'webhook'>,
  delivery: Delivery,
  secret: string,
  at: number,
): string | null {
  if (secret.length < shortest) return `the secret is shorter than ${shortest} characters`
  switch (forge.kind) {
    case 'github':
      return hexFault(delivery, secret, { name: 'x-hub-signature-256', before: 'sha256=' })
    case 'gitea':
      return hexFault(delivery, secret, { name: 'x-gitea-signature', before: '' })
    case 'forgejo':
      return hexFault(delivery, secret, { name: 'x-forgejo-signature', before: '' })
    case 'gitlab':
      return forge.webhook === 'token' ? tokenFault(delivery, secret) : standardFault(delivery, secret, at)
  }
}

type HexHeader = Readonly<{ name: string; before: string }>

/** HMAC-SHA256 of the body in hex. */
function hexFault(delivery: Delivery, secret: string, { name, before }: HexHeader): string | null {
  const sent = delivery.header(name)
  if (sent === null) return `there is no ${name}`
  const hex = sent.startsWith(before) ? sent.slice(before.length) : ''
  if (!/^[0-9a-f]{64}$/i.test(hex)) return `${name} is no signature`
  const wanted = createHmac('sha256', secret).update(delivery.body).digest()
  return timingSafeEqual(Buffer.from(hex, 'hex'), wanted) ? null : `${name} is not made with our secret`
}

const keyBefore = 'whsec_'
/** More are never sent: a sender that changes its key signs with the old and the new one. */
const mostSignatures = 8

/** Standard Webhooks: HMAC-SHA256 of id, time and body, so that none of the three can be exchanged. */
function standardFault(delivery: Delivery, secret: string, at: number): string | null {
  if (!secret.startsWith(keyBefore)) return `the secret is no signing token: those begin with ${keyBefore}`
  const key = Buffer.from(secret.slice(keyBefore.length), 'base64')
  if (key.length < shortest) return 'the signing token is too short'
  const sent = delivery.header('webhook-signature')
  if (sent === null) return 'there is no webhook-signature'
  const id = delivery.header('webhook-id') ?? ''
  // Dots divide what is signed, so there may be none in the id.
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(id)) return 'webhook-id is no id'
  const seconds = delivery.header('webhook-timestamp') ?? ''
  if (!/^\d{1,12}$/.test(seconds)) return 'webhook-timestamp is no time'
  const wanted = createHmac('sha256', key).update(`${id}.${seconds}.`).update(delivery.body).digest()
  const isSigned = sent
    .split(' ', mostSignatures)
    .map((each) => /^v1,([A-Za-z0-9+/]{43}=)$/.exec(each)?.[1])
    .some((each) => each !== undefined && timingSafeEqual(Buffer.from(each, 'base64'), wanted))
  if (!isSigned) return 'webhook-signature is not made with our secret'
  const apartMs = Math.abs(Number(seconds) * 1_000 - at)
  return apartMs <= windowMs ? null : 'webhook-timestamp is over 5 minutes from our time'
}

/** The secret itself is sent. Digests of both are compared, so that not even its length can be measured. */
function tokenFault(delivery: Delivery, secret: string): string | null {
  const sent = delivery.header('x-gitlab-token')
  if (sent === null) return 'there is no x-gitlab-token'
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(sent), digest(secret)) ? null : 'x-gitlab-token is not our secret'
}
