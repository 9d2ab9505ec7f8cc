/** How long one exchange with the hub may be silent, and that it ends when everything does. */
export class Patience {
  readonly #controller = new AbortController()
  readonly #stop: AbortSignal
  readonly #end = (): void => this.#controller.abort(this.#stop.reason)
  #limitMs: number
  #timer: NodeJS.Timeout

  constructor(limitMs: number, stop: AbortSignal) {
    this.#stop = stop
    this.#limitMs = limitMs
    this.#timer = this.#start()
    if (stop.aborted) this.#end()
    else stop.addEventListener('abort', this.#end)
  }

  /** Aborted when it was silent for too long, or is over. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Something came: the time begins anew. */
  heard(): void {
    this.#timer.refresh()
  }

  /** From now on so long. */
  allow(limitMs: number): void {
    if (limitMs === this.#limitMs) return
    clearTimeout(this.#timer)
    this.#limitMs = limitMs
    this.#timer = this.#start()
  }

  /** Lets go, and closes the connection where it is still open. */
  over(): void {
    clearTimeout(this.#timer)
    this.#stop.removeEventListener('abort', this.#end)
    this.#controller.abort()
  }

  #start(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#controller.abort(new Error(`the hub was silent for ${Math.round(this.#limitMs)} ms`))
    }, this.#limitMs)
  }
}
