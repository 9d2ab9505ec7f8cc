import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { TroubleError } from '../../change/trouble.ts'
import type { Database } from './database.ts'
import type { Token, Tokens } from '../store.ts'

const useNotedEveryMs = 60_000

type Row = Readonly<{
  id: string
  hash: string
  person: string
  label: string
  created_at: number
  expires_at: number | null
  last_used_at: number | null
}>

/**
 * The secret is 32 random bytes, so nobody can guess it from its hash however fast the hash is: a slow one, made for
 * passwords that people think of, would only make every request slow. The id is the beginning of that hash.
 */
export function sqliteTokens(database: Database): Tokens {
  const all = database.query<Row>('select * from tokens order by created_at, id')
  const revoke = database.command('delete from tokens where id = ?')
  return {
    create: creating(database),
    check: checking(database),
    revoke: (id) => database.write(() => revoke(id) > 0),
    list: async () => all.all().map(tokenOf),
  }
}

function creating(database: Database): Tokens['create'] {
  const insert = database.command(
    'insert into tokens (id, hash, person, label, created_at, expires_at) values (?, ?, ?, ?, ?, ?)',
  )
  return async (person, label, at, expiresAt) => {
    const secret = `tdm_${randomBytes(32).toString('base64url')}`
    const hashed = hash('sha256', secret)
    const id = idIn(hashed)
    await database.write(() => insert(id, hashed, person, label, at, expiresAt))
    return { secret, token: { id, person, label, createdAt: at, expiresAt, lastUsedAt: null } }
  }
}

function checking(database: Database): Tokens['check'] {
  const find = database.query<Row>('select * from tokens where id = ?')
  const use = database.command('update tokens set last_used_at = ? where id = ?')
  return async (secret, at) => {
    const hashed = hash('sha256', secret)
    const row = find.one(idIn(hashed))
    if (row === undefined || !isEqual(row.hash, hashed)) return null
    if (row.expires_at !== null && row.expires_at <= at) return { expiredAt: row.expires_at }
    if (row.last_used_at !== null && Math.abs(at - row.last_used_at) < useNotedEveryMs) return tokenOf(row)
    await noted(database.write(() => use(at, row.id)))
    return tokenOf({ ...row, last_used_at: at })
  }
}

/** A full disk must not lock people out who come to look at it: that a token was used is worth less than its use. */
async function noted(writing: Promise<unknown>): Promise<void> {
  try {
    await writing
  } catch (error) {
    if (!(error instanceof TroubleError)) throw error
  }
}

const idIn = (hashed: string): string => hashed.slice(0, 12)

const isEqual = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(a), Buffer.from(b))

const tokenOf = (row: Row): Token => ({
  id: row.id,
  person: row.person,
  label: row.label,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
})
