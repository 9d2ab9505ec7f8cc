import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Described } from '../intake.ts'

/** More are not kept: who sends them says them again and again, and nothing depends on them. */
const most = 20_000
const longestHelp = 1000

/** What senders say of their metrics, over restarts. */
export class Descriptions {
  readonly #path: string
  readonly #all: Map<string, Described>
  #isSaved = true

  constructor(path: string) {
    this.#path = path
    this.#all = new Map(read(path))
  }

  get all(): ReadonlyMap<string, Described> {
    return this.#all
  }

  put(metric: string, { type, help, unit }: Described): void {
    const known = this.#all.get(metric)
    const short = help.slice(0, longestHelp)
    if (known?.type === type && known.help === short && known.unit === unit) return
    if (known === undefined && this.#all.size >= most) return
    this.#all.set(metric, { type, help: short, unit })
    this.#isSaved = false
  }

  save(): void {
    if (this.#isSaved) return
    const building = `${this.#path}.new`
    writeFileSync(building, [...this.#all].map((one) => `${JSON.stringify(one)}\n`).join(''), { mode: 0o600 })
    renameSync(building, this.#path)
    this.#isSaved = true
  }
}

/** What cannot be read is as good as not there: it is said again with the next samples. */
function read(path: string): readonly (readonly [string, Described])[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as [string, Described])
  } catch (thrown) {
    if (thrown instanceof SyntaxError) rmSync(path)
    else if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown
    return []
  }
}
