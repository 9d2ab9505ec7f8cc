import type { Intake } from '../../intake.ts'
import { takeAll } from '../fill.ts'
import { ProtoReader } from '../protobuf/proto-reader.ts'
import type { TakenCount } from '../../metrics-side.ts'
import { SeriesMemo } from '../series-memo.ts'
import { Unreadable } from '../unreadable.ts'
import { metricTypes } from './write-request.ts'
import { Arrivals, meaningOf, type WriteOptions } from './written-series.ts'

/**
 * Reads requests of remote write 1.0, one after the other. Series are known by the bytes of their labels, so that those
 * are read once. Native histograms are refused, and counted. Throws Unreadable, and then nothing was taken.
 */
export class RemoteWrite {
  readonly #intake: Intake
  readonly #options: WriteOptions
  readonly #memo = new SeriesMemo()
  #era: number

  constructor(intake: Intake, options: WriteOptions) {
    this.#intake = intake
    this.#options = options
    this.#era = intake.era()
  }

  /** Reads a request that is not compressed any more. */
  read(body: Uint8Array): TakenCount {
    if (this.#era !== this.#intake.era()) {
      this.#memo.clear()
      this.#era = this.#intake.era()
    }
    const arrivals = new Arrivals()
    const reader = new ProtoReader(body)
    this.#memo.begin(body)
    try {
      while (reader.next(body.length)) {
        if (reader.field === 1) this.#readSeries(reader, arrivals)
        else if (reader.field === 3) this.#readDescribed(reader)
        else reader.skip()
      }
    } finally {
      this.#memo.end()
    }
    return takeAll(this.#intake, arrivals.columns, arrivals.refused)
  }

  #readSeries(reader: ProtoReader, arrivals: Arrivals): void {
    const end = reader.length()
    const place = this.#placeOf(reader, end)
    this.#memo.met(place)
    reader.at += this.#memo.lengthOf(place)
    const meaning = this.#memo.meaningOf(place)
    while (reader.next(end)) {
      if (reader.field === 2) arrivals.readSample(reader, reader.length(), meaning)
      else if (reader.field === 4) {
        arrivals.refuse('native histogram')
        reader.skip()
      } else if (reader.field === 1) throw new Unreadable(`at byte ${reader.at}: labels come behind samples`)
      else reader.skip()
    }
  }

  /** The place of the labels that begin here, which come first in all that senders write. */
  #placeOf(reader: ProtoReader, end: number): number {
    const from = reader.at
    const expected = this.#memo.expected(from, end)
    if (expected !== -1 && !isLabel(reader.bytes, from + this.#memo.lengthOf(expected), end)) return expected
    const to = labelsEnd(reader, end)
    const known = this.#memo.find(from, to)
    reader.at = from
    if (known !== -1) return known
    const meaning = meaningOf(readLabels(reader, to), this.#intake, this.#options)
    reader.at = from
    return this.#memo.put(from, to, meaning)
  }

  #readDescribed(reader: ProtoReader): void {
    const end = reader.length()
    let [type, metric, help, unit] = [0, '', '', '']
    while (reader.next(end)) {
      if (reader.field === 1) type = reader.uint()
      else if (reader.field === 2) metric = reader.text()
      else if (reader.field === 4) help = reader.text()
      else if (reader.field === 5) unit = reader.text()
      else reader.skip()
    }
    if (metric !== '') this.#intake.describe(metric, { type: metricTypes[type] ?? 'unknown', help, unit })
  }
}

const labelTag = 0x0a

function isLabel(bytes: Uint8Array, at: number, end: number): boolean {
  return at < end && bytes[at] === labelTag
}

function labelsEnd(reader: ProtoReader, end: number): number {
  while (isLabel(reader.bytes, reader.at, end)) {
    reader.next(end)
    reader.skip()
  }
  if (reader.at > end) throw new Unreadable(`at byte ${end}: a label is longer than its series`)
  return reader.at
}

function readLabels(reader: ProtoReader, to: number): ReadonlyMap<string, string> {
  const said = new Map<string, string>()
  while (reader.next(to)) {
    const end = reader.length()
    let [name, value] = ['', '']
    while (reader.next(end)) {
      if (reader.field === 1) name = reader.text()
      else if (reader.field === 2) value = reader.text()
      else reader.skip()
    }
    if (name === '' || said.has(name))
      throw new Unreadable(`at byte ${end}: a label without a name, or twice`)
    said.set(name, value)
  }
  return said
}
