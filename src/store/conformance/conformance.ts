import { test } from 'node:test'
import { leaseCases } from './leases.ts'
import { ledgerCases } from './ledger.ts'
import { lineCases } from './lines.ts'
import { keepingCases } from './keeping.ts'
import { runCases } from './runs.ts'
import type { Store } from '../store.ts'

/** Where a store under test lies: each `open` is one more process, as far as the store can tell. */
export type Place = Readonly<{ open: () => Promise<Store>; remove: () => Promise<void> }>

/** What a store must do, as a sentence and a play on a fresh one. `again` opens the same store once more. */
export type Cases = Readonly<Record<string, Case>>

type Case = (store: Store, again: () => Promise<Store>) => Promise<void>

/** Plays every case on every kind of store alike: `place` makes an empty one. */
export function testStore(name: string, place: () => Promise<Place>): void {
  const cases = { ...ledgerCases, ...leaseCases, ...lineCases, ...keepingCases, ...runCases }
  for (const [sentence, play] of Object.entries(cases)) {
    void test(`${name}: ${sentence}`, async () => playIn(await place(), play))
  }
}

async function playIn(place: Place, play: Case): Promise<void> {
  const opened: Store[] = []
  const open = async (): Promise<Store> => {
    const store = await place.open()
    opened.push(store)
    return store
  }
  try {
    await play(await open(), open)
  } finally {
    await Promise.all(opened.map((store) => store.close()))
    await place.remove()
  }
}
