import type { Records } from '../../store/store.ts'
import { type Counted, type KeptTally, Tally } from './tally.ts'

/** What is counted in one environment. */
type Room = {
  readonly tallies: Map<string, Tally>
  /** The last batch of each client, the latest last: batches of one come in their order. */
  readonly clients: Map<string, number>
  since: number
}

/** What was counted at once, as it is first written down: in one row, before anybody is told that it was taken. */
export type Entered = Readonly<{
  environment: string
  counted: readonly Counted[]
  clients: Readonly<Record<string, number>>
}>

type KeptFlag = KeptTally & Readonly<{ upTo: number }>
type KeptClients = Readonly<{ upTo: number; since: number; clients: readonly (readonly [string, number])[] }>

const flagRoom = 'flag-use'
const clientRoom = 'flag-use-clients'
const logRoom = 'flag-use-log'
const clientsLimit = 20_000
const flagsLimit = 10_000
const rowsBetweenFolds = 200

/**
 * How often flags came to what, on disk before it is said to be taken. Rows of what came lately are written one by one, and
 * now and then folded into a row for each flag, which knows up to which of them it has: so a crash at any moment counts
 * nothing twice and loses nothing.
 */
export class UseBook {
  readonly #records: Records
  readonly #now: () => number
  readonly #rooms = new Map<string, Room>()
  #row = 0
  #folded = 0
  readonly #dirty = new Set<string>()

  constructor(records: Records, now: () => number) {
    this.#records = records
    this.#now = now
  }

  async open(): Promise<void> {
    const upTo = new Map<string, number>()
    for (const { key, value } of await this.#records.list(clientRoom)) {
      const kept = value as KeptClients
      const room = this.#room(key)
      room.since = kept.since
      for (const [client, batch] of kept.clients) room.clients.set(client, batch)
      this.#row = Math.max(this.#row, kept.upTo)
    }
    for (const { key, value } of await this.#records.list(flagRoom)) {
      const kept = value as KeptFlag
      this.#room(environmentIn(key)).tallies.set(kept.flag, new Tally(kept))
      upTo.set(key, kept.upTo)
      this.#row = Math.max(this.#row, kept.upTo)
    }
    for (const { key, value } of await this.#records.list(logRoom)) {
      const row = Number(key)
      for (const entered of value as readonly Entered[])
        this.#apply(entered, (name) => row > (upTo.get(name) ?? 0))
      this.#row = Math.max(this.#row, row)
      this.#folded += 1
    }
  }

  /** Whether a batch was counted already. */
  hasSeen(environment: string, client: string, batch: number): boolean {
    return batch <= (this.#rooms.get(environment)?.clients.get(client) ?? 0)
  }

  /** Writes down and counts. Throws a TroubleError where that cannot be, and then nothing is counted. */
  async enter(entered: readonly Entered[]): Promise<void> {
    this.#row += 1
    await this.#records.put(logRoom, String(this.#row).padStart(15, '0'), entered)
    for (const each of entered) this.#apply(each, () => true)
    this.#folded += 1
    if (this.#folded >= rowsBetweenFolds) await this.fold()
  }

  /** Brings what came lately into the rows of flags. */
  async fold(): Promise<void> {
    if (this.#folded === 0) return
    const upTo = this.#row
    for (const [environment, room] of this.#rooms) {
      for (const [flag, tally] of room.tallies) {
        tally.prune(this.#now())
        if (tally.isForgotten) room.tallies.delete(flag)
        await this.#foldFlag(keyOf(environment, flag), tally, upTo)
      }
      const clients = [...room.clients]
      const kept: KeptClients = { upTo, since: room.since, clients }
      await this.#records.put(clientRoom, environment, kept)
    }
    this.#dirty.clear()
    for (const { key } of await this.#records.list(logRoom))
      if (Number(key) <= upTo) await this.#records.remove(logRoom, key)
    this.#folded = 0
  }

  tally(environment: string, flag: string): Tally | undefined {
    return this.#rooms.get(environment)?.tallies.get(flag)
  }

  tallies(environment: string): readonly Tally[] {
    return [...(this.#rooms.get(environment)?.tallies.values() ?? [])]
  }

  since(environment: string): number {
    return this.#room(environment).since
  }

  async #foldFlag(key: string, tally: Tally, upTo: number): Promise<void> {
    if (tally.isForgotten) return this.#records.remove(flagRoom, key)
    if (!this.#dirty.has(key)) return
    const kept: KeptFlag = { ...tally.kept(), upTo }
    await this.#records.put(flagRoom, key, kept)
  }

  #room(environment: string): Room {
    const known = this.#rooms.get(environment)
    if (known !== undefined) return known
    const room: Room = { tallies: new Map(), clients: new Map(), since: this.#now() }
    this.#rooms.set(environment, room)
    return room
  }

  #apply({ environment, counted, clients }: Entered, isNew: (key: string) => boolean): void {
    const room = this.#room(environment)
    for (const each of counted) {
      const key = keyOf(environment, each.flag)
      if (!isNew(key)) continue
      const known = room.tallies.get(each.flag)
      if (known === undefined && room.tallies.size >= flagsLimit) continue
      const tally = known ?? new Tally({ flag: each.flag, lastAt: each.at, hours: [], days: [] })
      room.tallies.set(each.flag, tally)
      tally.add(each)
      this.#dirty.add(key)
    }
    for (const [client, batch] of Object.entries(clients)) {
      const last = Math.max(batch, room.clients.get(client) ?? 0)
      room.clients.delete(client)
      room.clients.set(client, last)
      const oldest = room.clients.keys().next()
      if (room.clients.size > clientsLimit && !oldest.done) room.clients.delete(oldest.value)
    }
  }
}

/** The key of a flag has no blank in it. */
function keyOf(environment: string, flag: string): string {
  return `${environment} ${flag}`
}

function environmentIn(key: string): string {
  return key.slice(0, key.lastIndexOf(' '))
}
