import { hash } from 'node:crypto'
import type { Entry, Happening } from '../change/entry.ts'
import type { ChangeId } from '../change/order.ts'
import { canonical } from '../change/canonical.ts'

/** What the first entry follows. */
export const genesis = '0'.repeat(64)

/** An entry as it lies in the ledger: `line` holds the exact bytes that were hashed. */
export type Link = Readonly<{
  seq: number
  change: number
  at: number
  line: string
  prev: string
  hash: string
}>

/** Where the chain ends: the next entry follows this one. */
export type Head = Readonly<{ seq: number; hash: string }>

/** The hash of a line that follows an entry with the hash `prev`: SHA-256, in lower-case hexadecimal. */
export const hashAfter = (prev: string, line: string): string => hash('sha256', `${prev}\n${line}`)

/** The next link of the chain. */
export function link(head: Head, change: number, at: number, happening: Happening): Link {
  const seq = head.seq + 1
  const line = canonical({ ...happening, seq, change: idOf(change), at })
  return { seq, change, at, line, prev: head.hash, hash: hashAfter(head.hash, line) }
}

/** Reads an entry whose link was made by `link`. */
export function entryOf(link: Pick<Link, 'line' | 'prev' | 'hash'>): Entry {
  const words = JSON.parse(link.line) as Omit<Entry, 'prev' | 'hash'>
  return { ...words, prev: link.prev, hash: link.hash } as Entry
}

/** Why a link does not follow the head, in words for a person, or null when it does. */
export function misfit(head: Head, link: Link): string | null {
  if (link.seq !== head.seq + 1) return `entry ${head.seq + 1} is missing`
  if (link.prev !== head.hash)
    return 'it does not continue the entry before it: one of the two was replaced or moved'
  if (hashAfter(link.prev, link.line) !== link.hash) return 'it was altered after it was written'
  const words = wordsOf(link)
  if (words === null) return 'it is no JSON'
  if (words.seq !== link.seq) return `it was written as entry ${words.seq}: entries were reordered`
  if (words.change !== idOf(link.change))
    return `its change was altered from ${words.change} to ${idOf(link.change)}`
  if (words.at !== link.at) return 'its time was altered after it was written'
  return null
}

function wordsOf(link: Link): Entry | null {
  try {
    return entryOf(link)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

export const idOf = (change: number): ChangeId => `c${change}`

/** The number in `c12`; null for anything that is no id. */
export function numberOf(change: ChangeId): number | null {
  return /^c[1-9][0-9]{0,14}$/.test(change) ? Number(change.slice(1)) : null
}

/** The number of a change that must exist. */
export function numbered(change: ChangeId): number {
  const number = numberOf(change)
  if (number === null) throw new Error(`${change} is no id of a change`)
  return number
}
