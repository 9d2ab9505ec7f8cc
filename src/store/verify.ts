import { DatabaseSync } from 'node:sqlite'
import { setImmediate as turn } from 'node:timers/promises'
import { genesis, type Head, type Link, misfit } from './chain.ts'
import { checkIndex } from './index-check.ts'
import { storeTrouble } from './sqlite/trouble.ts'
import type { Ledger } from './store.ts'

const entriesPerTurn = 500

type Finding = Awaited<ReturnType<Ledger['verify']>>
type Bad = Finding['bad']

/**
 * Walks the whole chain from its first entry on one snapshot of the file, so that writers may go on meanwhile. Holds
 * some hundred entries at a time and the changes that are open, and gives way to other work between.
 */
export async function verifyLedger(path: string): Promise<Finding> {
  const file = new DatabaseSync(path, { readOnly: true, timeout: 1000 })
  try {
    file.exec('begin')
    return await walk(file)
  } catch (error) {
    throw storeTrouble(error, path)
  } finally {
    file.close()
  }
}

async function walk(file: DatabaseSync): Promise<Finding> {
  const page = file.prepare('select * from entries where seq > ? order by seq limit ?')
  const index = checkIndex(file)
  let last: Head = { seq: 0, hash: genesis }
  for (;;) {
    const links = page.all(last.seq, entriesPerTurn) as unknown as readonly Link[]
    for (const link of links) {
      const why = misfit(last, link) ?? index.differs(link)
      if (why !== null) return { entries: last.seq, head: last.hash, bad: { seq: link.seq, why } }
      last = link
    }
    if (links.length < entriesPerTurn) break
    await turn()
  }
  const bad = cutTail(file, last) ?? named(last.seq, index.leftOver())
  return { entries: last.seq, head: last.hash, bad }
}

const named = (seq: number, why: string | null): Bad => (why === null ? null : { seq, why })

/** The head lies apart from the entries, so that entries cut off the end are missed. */
function cutTail(file: DatabaseSync, last: Head): Bad {
  const head = file.prepare('select seq, hash from head').get() as unknown as Head | undefined
  if (head === undefined) return { seq: last.seq, why: 'the record of the last entry is missing' }
  if (head.seq > last.seq) return { seq: last.seq + 1, why: `entries up to ${head.seq} are cut off the end` }
  if (head.seq < last.seq) return { seq: head.seq + 1, why: 'it was added behind the last entry' }
  return head.hash === last.hash ? null : { seq: last.seq, why: 'it is not the entry that was written last' }
}
