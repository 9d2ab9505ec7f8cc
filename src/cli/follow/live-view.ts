import type { ChangeView } from '../../api/wire/wire.ts'
import type { Entry } from '../../change/entry.ts'
import { planOf } from '../../change/undo.ts'
import { endText } from '../../words/end.ts'
import { type Paint, paintFor } from '../../words/paint.ts'
import type { World } from '../world.ts'
import { frame } from './frame.ts'
import type { LogLine, View } from './view.ts'

const redrawMs = 100

/** Draws a few lines on the terminal again and again while a change runs, and leaves the last ones there. */
export function liveView(world: World): View {
  const view = new LiveView(world)
  return {
    entry: (entry, change) => view.entry(entry, change),
    log: (line) => view.log(line),
    waits: (text) => view.waits(text),
    say: (text) => view.say(text),
    end: (change, entries) => view.end(change, entries),
    close: () => view.close(),
  }
}

class LiveView {
  readonly #world: World
  readonly #paint: Paint
  readonly #entries: Entry[] = []
  readonly #timer: NodeJS.Timeout
  #change: ChangeView | null = null
  #waits: string | null = null
  #lastLine: string | null = null
  #said: string | null = null
  #drawn = 0

  constructor(world: World) {
    this.#world = world
    this.#paint = paintFor(world.screen())
    this.#timer = setInterval(() => this.#draw(), redrawMs)
  }

  entry(entry: Entry, change: ChangeView): void {
    this.#entries.push(entry)
    this.#change = change
  }

  log(line: LogLine): void {
    this.#lastLine = line.host === null ? line.text : `${line.host}: ${line.text}`
  }

  waits(text: string | null): void {
    this.#waits = text
  }

  say(text: string): void {
    this.#said = text
    this.#draw()
  }

  end(change: ChangeView, entries: readonly Entry[]): void {
    this.#change = change
    this.#said = null
    this.#draw()
    this.#drawn = 0
    this.#world.out(endText(change, planOf(entries), this.#paint))
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** One write for the whole frame, so that no half of it is ever seen. */
  #draw(): void {
    if (this.#change === null) return
    if (this.#world.input.isRaw === true) {
      // Somebody types a secret. What is drawn next stands below the question, not over it.
      this.#drawn = 0
      return
    }
    const moment = {
      change: this.#change,
      entries: this.#entries,
      waits: this.#waits,
      lastLine: this.#lastLine,
      said: this.#said,
      now: this.#world.now(),
    }
    const lines = frame(moment, this.#world.screen(), this.#paint)
    const back = this.#drawn === 0 ? '' : `\u001b[${this.#drawn}A`
    this.#world.draw(`${back}\r\u001b[J${lines.join('\n')}\n`)
    this.#drawn = lines.length
  }
}
