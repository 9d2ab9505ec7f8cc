import { createHash } from 'node:crypto'
import type { Act, Op } from '../plan/op.ts'

/** An operation for tests, of which a test says only what it is about. */
export function tryOp(number: number, act: Act, rest: Partial<Op> = {}): Op {
  const where = { resource: `thing ${number}`, at: `tandem.ts:${number}:3`, key: `thing ${number}` }
  return { number, ...where, act, owes: [], lockout: null, cannotUndo: null, ...rest }
}

export const shaOf = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** A file of root that is to be there, with bytes that travel. */
export function tryWrite(
  path: string,
  bytes: string,
  before: Extract<Act, { type: 'write' }>['before'],
): Act {
  const sha256 = shaOf(bytes)
  const after = { type: 'file', sha256, mode: 0o644, owner: 'root', group: 'root' } as const
  const from = { type: 'sent', sha256, size: Buffer.byteLength(bytes), isSecret: false } as const
  return { type: 'write', path, from, before, after, check: null }
}
