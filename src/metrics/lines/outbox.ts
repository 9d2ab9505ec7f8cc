import type { Described } from '../intake.ts'
import { keyOf, type Labels } from '../labels.ts'
import type { Flush } from './flush.ts'

/** Numbers for series, and what is to be sent of them next. */
export class Outbox {
  readonly #numbers = new Map<string, number>()
  readonly #labels: (Labels | undefined)[] = []
  readonly #free: number[] = []
  readonly #described = new Map<string, Described>()
  #born: number[] = []
  #news: string[] = []
  #columns = noColumns()

  /** How many series have a number. */
  get size(): number {
    return this.#numbers.size
  }

  /** How many samples wait. */
  get waiting(): number {
    return this.#columns.series.length
  }

  has(labels: Labels): boolean {
    return this.#numbers.has(keyOf(labels))
  }

  numberOf(labels: Labels): number {
    const key = keyOf(labels)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#free.pop() ?? this.#labels.length
    this.#labels[number] = labels
    this.#numbers.set(key, number)
    this.#born.push(number)
    return number
  }

  describe(metric: string, described: Described): void {
    if (this.#described.has(metric)) return
    this.#described.set(metric, described)
    this.#news.push(metric)
  }

  add(number: number, ms: number, value: number): void {
    this.#columns.series.push(number)
    this.#columns.times.push(ms)
    this.#columns.values.push(value)
  }

  /** Says that the series ends here, and forgets it. */
  end(number: number, ms: number): void {
    this.#columns.stale.push(this.#columns.series.length)
    this.add(number, ms, 0)
    this.forget(number)
  }

  /** Its number is given to another series only after what waits was sent. */
  forget(number: number): void {
    const labels = this.#labels[number]
    if (labels === undefined) return
    this.#numbers.delete(keyOf(labels))
    this.#columns.freed.push(number)
  }

  /** What was meant by all numbers is said again: whoever took the last ones has lost them. */
  sayAll(): void {
    // Also of those that have just ended: their last samples wait.
    this.#born = this.#labels.flatMap((labels, number) => (labels === undefined ? [] : [number]))
    this.#news = [...this.#described.keys()]
  }

  take(): Flush {
    const { freed, ...columns } = this.#columns
    const flush: Flush = {
      born: this.#born.map((number) => ({ number, labels: this.#labels[number] ?? [] })),
      described: this.#news.flatMap((metric) => {
        const described = this.#described.get(metric)
        return described === undefined ? [] : [{ metric, described }]
      }),
      ...columns,
    }
    for (const number of freed) this.#labels[number] = undefined
    this.#free.push(...freed)
    this.#born = []
    this.#news = []
    this.#columns = noColumns()
    return flush
  }
}

function noColumns() {
  const none = (): number[] => []
  return { series: none(), times: none(), values: none(), stale: none(), freed: none() }
}
