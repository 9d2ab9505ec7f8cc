import { compress } from '../ingest/snappy/compress.ts'
import { putMessage, writeLabels, writeSample } from '../ingest/remote-write/write-request.ts'
import type { Columns } from '../intake.ts'
import { type Labels, valueOf, withLabel } from '../labels.ts'
import { ByteWriter } from '../storage/codec/bytes.ts'

/** Writes samples as requests of remote write 1.0. What a series is called is written once for each era of its numbers. */
export class Requests {
  readonly #added: readonly (readonly [string, string])[]
  readonly #labels = new Map<number, Uint8Array>()
  readonly #into = new ByteWriter(65_536)
  readonly #series = new ByteWriter()
  readonly #inner = new ByteWriter()

  /** The labels are added where series lack them. */
  constructor(added: Readonly<Record<string, string>>) {
    this.#added = Object.entries(added)
  }

  /** Numbers mean something else from now on. */
  forget(): void {
    this.#labels.clear()
  }

  knows(number: number): boolean {
    return this.#labels.has(number)
  }

  name(number: number, labels: Labels): void {
    const all = this.#added.reduce(
      (sum, [name, value]) => (valueOf(sum, name) === '' ? withLabel(sum, name, value) : sum),
      labels,
    )
    this.#series.clear()
    writeLabels(all, this.#series, this.#inner)
    this.#labels.set(number, this.#series.bytes().slice())
  }

  /** The body of a request with the samples that are not refused, and how many those are. */
  body(
    { series, times, values, stale }: Columns,
    refused: ReadonlySet<number>,
  ): Readonly<{ samples: number; body: Uint8Array<ArrayBuffer> }> {
    this.#into.clear()
    const ended = new Set(stale)
    let samples = 0
    for (let at = 0; at < series.length;) {
      const number = series[at] ?? 0
      const before = samples
      this.#series.clear()
      this.#series.put(this.#labels.get(number) ?? unnamed(number))
      for (; at < series.length && series[at] === number; at += 1) {
        if (refused.has(at)) continue
        const value = ended.has(at) ? null : (values[at] ?? 0)
        writeSample(value, times[at] ?? 0, { into: this.#series, inner: this.#inner })
        samples += 1
      }
      if (samples > before) putMessage(this.#into, 1, this.#series)
    }
    return { samples, body: compress(this.#into.bytes()) }
  }
}

function unnamed(number: number): never {
  throw new Error(`nobody has asked what the series ${number} is called`)
}
