import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'

const iterations = 4096

/**
 * What PostgreSQL keeps of a password (RFC 5803), computed here. The salt is that of `place`, so that the same password
 * gives the same text each time and can be compared; it tells nothing of the password.
 */
export function scramVerifier(password: string, place: string): string {
  const salt = createHash('sha256').update(`tandem ${place}`).digest().subarray(0, 16)
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256')
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`
}
