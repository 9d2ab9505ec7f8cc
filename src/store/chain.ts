import { hash } from 'node:crypto'
import type { Happening } from '../change/entry.ts'
import type { Aside, Occurrence, Written } from '../change/occurrence.ts'
import type { ChangeId } from '../change/order.ts'
import { canonical } from '../change/canonical.ts'
import type { Entry } from '../change/entry.ts'

/** What the first entry follows. */
export const genesis = '0'.repeat(64)

/** An entry as it lies in the ledger: `line` holds the exact bytes that were hashed. */
export type Link = Readonly<{
  seq: number
  /** 0 for what belongs to no change. */
  change: number
  /** What an aside is about; null for an entry of a change. */
  about: string | null
  at: number
  line: string
  prev: string
  hash: string
}>

/** Where the chain ends: the next entry follows this one. */
export type Head = Readonly<{ seq: number; hash: string }>

/** The hash of a line that follows an entry with the hash `prev`: SHA-256, in lower-case hexadecimal. */
export const hashAfter = (prev: string, line: string): string => hash('sha256', `${prev}\n${line}`)

/** The next link of the chain: what happened to a change. */
export function link(head: Head, change: number, at: number, happening: Happening): Link {
  const seq = head.seq + 1
  const line = canonical({ ...happening, seq, change: idOf(change), at })
  return { seq, change, about: null, at, line, prev: head.hash, hash: hashAfter(head.hash, line) }
}

/** The next link of the chain: what happened beside the changes. */
export function asideLink(head: Head, about: string, at: number, occurrence: Occurrence): Link {
  const seq = head.seq + 1
  const line = canonical({ ...occurrence, seq, change: null, about, at })
  return { seq, change: 0, about, at, line, prev: head.hash, hash: hashAfter(head.hash, line) }
}

/** Reads what `link` or `asideLink` made. */
export function writtenOf(link: Pick<Link, 'line' | 'prev' | 'hash'>): Written {
  const words = JSON.parse(link.line) as Omit<Written, 'prev' | 'hash'>
  return { ...words, prev: link.prev, hash: link.hash } as Written
}

/** Reads the entry of a change, found as such. */
export const entryOf = (link: Pick<Link, 'line' | 'prev' | 'hash'>): Entry => writtenOf(link) as Entry

/** Reads an aside, found as such. */
export const asideOf = (link: Pick<Link, 'line' | 'prev' | 'hash'>): Aside => writtenOf(link) as Aside

/** Why a link does not follow the head, in words for a person, or null when it does. */
export function misfit(head: Head, link: Link): string | null {
  if (link.seq !== head.seq + 1) return `entry ${head.seq + 1} is missing`
  if (link.prev !== head.hash)
    return 'it does not continue the entry before it: one of the two was replaced or moved'
  if (hashAfter(link.prev, link.line) !== link.hash) return 'it was altered after it was written'
  const words = wordsOf(link)
  if (words === null) return 'it is no JSON'
  if (words.seq !== link.seq) return `it was written as entry ${words.seq}: entries were reordered`
  const [change, about] = [
    link.change === 0 ? null : idOf(link.change),
    words.change === null ? words.about : null,
  ]
  if (words.change !== change)
    return `its change was altered from ${words.change ?? 'none'} to ${change ?? 'none'}`
  if (about !== link.about)
    return `what it is about was altered from ${about ?? 'nothing'} to ${link.about ?? 'nothing'}`
  if (words.at !== link.at) return 'its time was altered after it was written'
  return null
}

function wordsOf(link: Link): Written | null {
  try {
    return writtenOf(link)
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
