import { join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import { textOf } from '../edit/rewrite-file.ts'
import type { Secret } from './secret.ts'

/** Who can read the secrets: public keys of age, `age1…`. */
export type Recipients = readonly string[]

const file = 'secrets/recipients'

/**
 * Reads `secrets/recipients`: one key in a line, `#` begins a comment. Throws a `TroubleError` when there is none, one
 * that is no key, or when the owner of `identity` is not among them and could not read what they write.
 */
export async function readRecipients(dir: string, identity: Secret): Promise<Recipients> {
  const { identityToRecipient } = await import('age-encryption')
  const own = await identityToRecipient(identity.reveal()).catch(() => {
    throw new TroubleError({ what: 'this is no age identity', now: 'it begins with AGE-SECRET-KEY-1' })
  })
  const recipients = parseRecipients((await textOf(join(dir, file))) ?? '')
  if (recipients.includes(own)) return recipients
  const what = recipients.length === 0 ? 'nobody could read the secrets' : 'you could not read what you write'
  throw new TroubleError({ what, where: file, now: `add this line: ${own}` })
}

/** The keys in the text of `secrets/recipients`, in order; a `TroubleError` names the line that is no key. */
export function parseRecipients(text: string): Recipients {
  return text.split('\n').flatMap((line, index) => {
    const word = line.replace(/#.*/, '').trim()
    if (word === '') return []
    if (/^age1[0-9a-z]+$/.test(word)) return [word]
    throw new TroubleError({
      what: `'${word.slice(0, 20)}' is no recipient`,
      where: `${file}:${index + 1}`,
      now: 'write a public key, age1…, and comments after #',
    })
  })
}
