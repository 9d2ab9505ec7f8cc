import type { Intake } from '../../intake.ts'
import type { TakenCount } from '../../metrics-side.ts'
import { takeAll } from '../fill.ts'
import { ProtoReader } from '../protobuf/proto-reader.ts'
import { Unreadable } from '../unreadable.ts'
import { metricTypes } from './write-request.ts'
import { Arrivals, meaningOf, type WriteOptions } from './written-series.ts'

/** So many series are remembered; then all of them are forgotten. */
const mostRemembered = 500_000

/**
 * Reads requests of remote write 2.0: texts come once, in a list, and series name their labels by places in it. Native
 * histograms are refused, and counted. Throws Unreadable, and then nothing was taken.
 */
export class RemoteWrite2 {
  readonly #intake: Intake
  readonly #options: WriteOptions
  /** Numbers of series by their labels, as these were written. */
  readonly #meanings = new Map<string, number>()
  #era: number

  constructor(intake: Intake, options: WriteOptions) {
    this.#intake = intake
    this.#options = options
    this.#era = intake.era()
  }

  /** Reads a request that is not compressed any more. */
  read(body: Uint8Array): TakenCount {
    if (this.#era !== this.#intake.era() || this.#meanings.size > mostRemembered) this.#meanings.clear()
    this.#era = this.#intake.era()
    const symbols = readSymbols(body)
    const arrivals = new Arrivals()
    const reader = new ProtoReader(body)
    while (reader.next(body.length)) {
      if (reader.field === 5) this.#readSeries(reader, symbols, arrivals)
      else reader.skip()
    }
    return takeAll(this.#intake, arrivals.columns, arrivals.refused)
  }

  #readSeries(reader: ProtoReader, symbols: readonly string[], arrivals: Arrivals): void {
    const end = reader.length()
    const said: string[] = []
    let meaning: number | null = null
    while (reader.next(end)) {
      if (reader.field === 1) {
        if (meaning !== null) throw new Unreadable(`at byte ${reader.at}: labels come behind samples`)
        readReferences(reader, symbols, said)
      } else if (reader.field === 5) this.#readDescribed(reader, symbols, said)
      else if (reader.field === 2)
        arrivals.readSample(reader, reader.length(), (meaning ??= this.#meaningOf(said)))
      else if (reader.field === 3) {
        arrivals.refuse('native histogram')
        reader.skip()
      } else reader.skip()
    }
  }

  #meaningOf(said: readonly string[]): number {
    // Half of a surrogate pair is in no text that was decoded.
    const key = said.join('\ud800')
    const known = this.#meanings.get(key)
    if (known !== undefined) return known
    if (said.length % 2 === 1) throw new Unreadable('a label has a name and no value')
    const labels = new Map<string, string>()
    for (let at = 0; at < said.length; at += 2) {
      const name = said[at] ?? ''
      if (name === '' || labels.has(name)) throw new Unreadable('a label without a name, or twice')
      labels.set(name, said[at + 1] ?? '')
    }
    const meaning = meaningOf(labels, this.#intake, this.#options)
    this.#meanings.set(key, meaning)
    return meaning
  }

  #readDescribed(reader: ProtoReader, symbols: readonly string[], said: readonly string[]): void {
    const end = reader.length()
    let [type, help, unit] = [0, '', '']
    while (reader.next(end)) {
      if (reader.field === 1) type = reader.uint()
      else if (reader.field === 3) help = symbolAt(symbols, reader.uint())
      else if (reader.field === 4) unit = symbolAt(symbols, reader.uint())
      else reader.skip()
    }
    const named = said.findIndex((text, at) => at % 2 === 0 && text === '__name__')
    const name = named === -1 ? '' : (said[named + 1] ?? '')
    if (name !== '' && (type !== 0 || help !== '' || unit !== ''))
      this.#intake.describe(name, { type: metricTypes[type] ?? 'unknown', help, unit })
  }
}

/** All texts of a request: they need not come before what names them. */
function readSymbols(body: Uint8Array): readonly string[] {
  const reader = new ProtoReader(body)
  const symbols: string[] = []
  while (reader.next(body.length)) {
    if (reader.field === 4) symbols.push(reader.text())
    else reader.skip()
  }
  if (symbols.length > 0 && symbols[0] !== '') throw new Unreadable('the first symbol is not empty')
  return symbols
}

function readReferences(reader: ProtoReader, symbols: readonly string[], said: string[]): void {
  if (!reader.isBytes()) {
    said.push(symbolAt(symbols, reader.uint()))
    return
  }
  const end = reader.length()
  while (reader.at < end) said.push(symbolAt(symbols, reader.varint()))
}

function symbolAt(symbols: readonly string[], place: number): string {
  const symbol = symbols[place]
  if (symbol === undefined) throw new Unreadable(`there is no symbol ${place}: there are ${symbols.length}`)
  return symbol
}
