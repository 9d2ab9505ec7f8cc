import { compress } from '../ingest/snappy/compress.ts'
import { decompress } from '../ingest/snappy/decompress.ts'
import type { Wait } from '../wait.ts'
import type { Posted } from './post.ts'
import type { Block } from './queue/block.ts'
import type { Batch, FarQueue } from './queue/far-queue.ts'

export type FarWorld = Readonly<{
  queue: Pick<FarQueue, 'next' | 'done'>
  post: (body: Uint8Array<ArrayBuffer>, signal: AbortSignal) => Promise<Posted>
  wait: Wait
}>

/** What was sent, what was not, and why not at the moment. */
export type Sending = Readonly<{
  sent: number
  /** What the far side does not want, and will not be sent again. */
  refused: number
  /** How often it was tried again. */
  retries: number
  /** What keeps samples from the far side at the moment. */
  trouble: string | null
  /** What it said when it last refused some. */
  refusal: string | null
}>

/** How much goes out at once: more fits into no request that others take. */
const together = { samples: 10_000, bytes: 512 * 1024 } as const
const largestBodyBytes = 64 * 2 ** 20
/** How long it is waited for more, so that there are not many small requests. */
const gatherMs = 500
const pauses = { firstMs: 250, lastMs: 30_000 } as const

/** Sends what waits, one request after the other so that each series arrives in order, until it is told to stop. */
export class FarSender {
  readonly #world: FarWorld
  readonly #stop = new AbortController()
  readonly #over: Promise<void>
  #sending: Sending = { sent: 0, refused: 0, retries: 0, trouble: null, refusal: null }

  constructor(world: FarWorld) {
    this.#world = world
    this.#over = this.#goOn()
  }

  get sending(): Sending {
    return this.#sending
  }

  /** What is under way is not waited for: it is sent again by the next one. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#over
  }

  async #goOn(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      const samples = await this.#sendNext()
      if (samples <= together.samples / 2) await this.#world.wait(gatherMs, signal)
    }
  }

  /** How many samples that were. What the file system says against it is told, and tried again. */
  async #sendNext(): Promise<number> {
    try {
      const batch = this.#world.queue.next(together)
      if (batch === null) return 0
      await this.#send(batch)
      return samplesOf(batch.blocks)
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown)) throw thrown
      this.#note({ trouble: `the queue cannot be kept: ${thrown.message}` })
      return 0
    }
  }

  /** Sends a batch until it is sent or refused. One that is refused is sent once more in its parts: one of them is bad. */
  async #send(batch: Batch): Promise<void> {
    const { blocks } = batch
    const isSent = await this.#post(bodyOf(blocks), samplesOf(blocks), blocks.length > 1)
    if (isSent === 'refused')
      for (const block of blocks) {
        if ((await this.#post(block.body, block.samples, false)) === 'stopped') return
      }
    if (isSent !== 'stopped') this.#world.queue.done(batch)
  }

  async #post(
    body: Uint8Array<ArrayBuffer>,
    samples: number,
    hasParts: boolean,
  ): Promise<'done' | 'refused' | 'stopped'> {
    const { signal } = this.#stop
    for (let pauseMs: number = pauses.firstMs; ; pauseMs = Math.min(2 * pauseMs, pauses.lastMs)) {
      const posted = await this.#world.post(body, signal)
      if (signal.aborted) return 'stopped'
      switch (posted.type) {
        case 'sent':
          this.#note({ sent: this.#sending.sent + samples, trouble: null })
          return 'done'
        case 'refused':
          this.#note({ trouble: null, refusal: posted.what })
          if (hasParts) return 'refused'
          this.#note({ refused: this.#sending.refused + samples })
          return 'done'
        case 'later':
          this.#note({ retries: this.#sending.retries + 1, trouble: posted.what })
          await this.#world.wait(Math.max(pauseMs, posted.waitMs ?? 0), signal)
      }
    }
  }

  #note(said: Partial<Sending>): void {
    this.#sending = { ...this.#sending, ...said }
  }
}

function samplesOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { samples }) => sum + samples, 0)
}

/** One request of many: their messages follow each other, as their one field may be repeated. */
function bodyOf(blocks: readonly Block[]): Uint8Array<ArrayBuffer> {
  const [first] = blocks
  if (first !== undefined && blocks.length === 1) return first.body
  return compress(Buffer.concat(blocks.map(({ body }) => decompress(body, largestBodyBytes))))
}
