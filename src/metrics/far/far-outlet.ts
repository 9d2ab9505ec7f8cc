import type { Intake } from '../intake.ts'
import { wait } from '../wait.ts'
import { withFar } from './far-intake.ts'
import { FarSender, type Sending } from './far-sender.ts'
import { type FarPlace, post } from './post.ts'
import { FarQueue, type Lost } from './queue/far-queue.ts'

/** What tandem.ts says of the far side. */
export type FarSettings = FarPlace &
  Readonly<{
    /** Added to series that lack them. */
    labels: Readonly<Record<string, string>>
    queueBytes: number
  }>

/** How it stands with the far side. */
export type FarStatus = Sending &
  Readonly<{
    url: string
    queue: FarQueue['depth']
    queueBytes: number
    /** Samples that never got there, by why; those of blocks whose head is broken are not known. */
    lost: Readonly<Record<Lost['why'] | 'disk', number>>
    lostBytes: number
  }>

type Open = Readonly<{ settings: FarSettings; intake: Intake }>

const noQueue: FarQueue['depth'] = { bytes: 0, samples: 0, sinceMs: null }

const none: Sending = { sent: 0, refused: 0, retries: 0, trouble: null, refusal: null }

/** The way to a far side, which may be opened, led elsewhere and closed while samples come in. */
export class FarOutlet {
  /** What samples are taken in by: into the store, and, while there is a far side, into the queue for it. */
  readonly intake: Intake
  readonly #store: Intake
  readonly #folder: string
  /** What was said last, also while it cannot be opened. */
  #wanted: FarSettings | null = null
  #open: Open | null = null
  #queue: FarQueue | null = null
  #sender: FarSender | null = null
  /** What senders before this one have counted. */
  #before: Sending = none
  readonly #lost = { 'queue full': 0, 'not as written': 0, disk: 0 }
  #lostBytes = 0
  #diskTrouble: string | null = null
  #switches = 0
  #stopping: Promise<void> = Promise.resolve()

  constructor(store: Intake, folder: string) {
    this.#store = store
    this.#folder = folder
    const inner = (): Intake => this.#open?.intake ?? store
    this.intake = {
      numberOf: (labels) => inner().numberOf(labels),
      labelsOf: (number) => store.labelsOf(number),
      // Whoever has kept numbers asks again, so that a new far side hears what they are called.
      era: () => store.era() + this.#switches,
      take: (columns) => inner().take(columns),
      describe: (metric, described) => store.describe(metric, described),
    }
  }

  /** Null closes the way: what waits stays where it is. What cannot be opened is told in the status, until `retry` can. */
  heed(settings: FarSettings | null): void {
    this.#wanted = settings
    if (JSON.stringify(settings) === JSON.stringify(this.#open?.settings ?? null)) return
    this.#switches += 1
    this.#letGo()
    this.#open = null
    this.retry()
  }

  /** Opens what was said and is not open. */
  retry(): void {
    const settings = this.#wanted
    if (settings === null || this.#open !== null) return
    const queue = this.#opened(settings)
    if (queue === null) return
    this.#switches += 1
    this.#open = { settings, intake: this.#queueing(settings) }
    queue.limitTo(settings.queueBytes)
    // Two at a time would send the same twice.
    this.#stopping = this.#stopping.then(() => {
      if (this.#open?.settings === settings) this.#sender = sending(queue, settings)
    })
  }

  get status(): FarStatus | null {
    const settings = this.#wanted
    if (settings === null) return null
    const counted = total(this.#before, this.#sender?.sending ?? none)
    return {
      url: settings.url,
      ...counted,
      trouble: this.#diskTrouble ?? counted.trouble,
      queue: this.#queue?.depth ?? noQueue,
      queueBytes: settings.queueBytes,
      lost: { ...this.#lost },
      lostBytes: this.#lostBytes,
    }
  }

  /** Resolves when all that was queued is on the disk. */
  async sync(): Promise<void> {
    await this.#queue?.sync()
  }

  /** Resolves when nothing is sent any more: what waits is sent after the next start. */
  async close(): Promise<void> {
    this.#wanted = null
    this.#open = null
    this.#letGo()
    await this.#stopping
    this.#queue?.close()
    this.#queue = null
  }

  #opened({ queueBytes }: FarSettings): FarQueue | null {
    try {
      this.#queue ??= new FarQueue(this.#folder, queueBytes, (lost) => this.#note(lost))
      this.#diskTrouble = null
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown)) throw thrown
      this.#diskTrouble = `the queue cannot be opened: ${thrown.message}`
    }
    return this.#queue
  }

  #letGo(): void {
    const sender = this.#sender
    if (sender === null) return
    this.#sender = null
    this.#stopping = this.#stopping.then(async () => {
      await sender.stop()
      this.#before = total(this.#before, { ...sender.sending, trouble: null })
    })
  }

  #queueing({ labels }: FarSettings): Intake {
    return withFar(this.#store, {
      append: (block) => {
        this.#queue?.append(block)
        this.#diskTrouble = null
      },
      now: Date.now,
      failed: (samples, why) => {
        this.#lost.disk += samples
        this.#diskTrouble = `the queue cannot be written: ${why.message}`
      },
      labels,
    })
  }

  #note({ why, samples, bytes }: Lost): void {
    this.#lost[why] += samples
    this.#lostBytes += bytes
  }
}

function sending(queue: FarQueue, { url, authorization }: FarPlace): FarSender {
  return new FarSender({
    queue,
    wait,
    post: (body, signal) => post({ url, authorization }, body, { now: Date.now, signal }),
  })
}

function total(before: Sending, now: Sending): Sending {
  return {
    sent: before.sent + now.sent,
    refused: before.refused + now.refused,
    retries: before.retries + now.retries,
    trouble: now.trouble,
    refusal: now.refusal ?? before.refusal,
  }
}
