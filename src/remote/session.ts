import { once } from 'node:events'
import { type Trouble, TroubleError } from '../change/trouble.ts'
import type { Opening } from './bootstrap.ts'
import { openLineBuffer } from './line-buffer.ts'
import { openLineSplitter } from './line-splitter.ts'
import type { Link, LinkEnd } from './link.ts'
import type { Ending, Run } from './remote.ts'
import { troubleHeard, verdictEnding } from './verdict.ts'
import { type Heard, openWire } from './wire.ts'

/** What a session needs to know beyond what it sends. */
export type SessionPlan = Readonly<{
  host: string
  id: string
  opening: Opening
  secrets: readonly string[]
  /** Reaches the host; rejects with a TroubleError when that is known to be impossible. */
  dial: () => Promise<Link>
  /** A session that stands open from an earlier look, its shell known by the same nonce; null where there is none. */
  standing: Link | null
  /** Called instead of ending the session when the program in it has ended; null where it is not used again. */
  keep: (() => void) | null
  /** Called when the far end has spoken for the first time. */
  greeted: () => void
  /** Answers when the far end asks on stderr for a password with this prompt; null where nothing is asked. */
  password: Readonly<{ prompt: string; answer: () => Promise<string> }> | null
  /** Puts into words why the session ended before the far end spoke. */
  explain: (end: LinkEnd, stderr: string, noise: string) => Trouble | Promise<Trouble>
}>

const STDERR_LIMIT = 8192
/** Login files, sudo and PAM may take this long until our first word comes back. */
const HELLO_LIMIT_MS = 30_000
/** And the upload may stand still for this long. */
const STALL_LIMIT_MS = 60_000
/** After the end was heard, the process has this long to leave. */
const LEAVE_MS = 2_000
/** How often the far end is asked to look whether the program's supervisor is still there. */
const LOOK_EVERY_MS = 2_000
/** A FIFO takes 64 KB before it blocks the relay; nobody needs to tell a program as much. */
const TELL_LIMIT = 48 * 1024
const PIECE = 256 * 1024

type State = 'dialling' | 'uploading' | 'uploaded' | 'following' | 'settled'

/** One program followed over one link, from before it is there until its ending. Owns the link. */
export class Session {
  readonly run: Run
  readonly #plan: SessionPlan
  readonly #buffer = openLineBuffer()
  readonly #splitter
  readonly #settled = Promise.withResolvers<Ending>()
  readonly #waiting: string[] = []
  #wire
  #unlisten = (): void => {}
  #state: State = 'dialling'
  #link: Link | null = null
  #stderr = ''
  #asked = 0
  #told = 0
  #killed = false
  #greeted = false
  #refused: string | null = null
  #timers: NodeJS.Timeout[] = []

  constructor(plan: SessionPlan) {
    this.#plan = plan
    this.#splitter = openLineSplitter(plan.secrets, this.#buffer.push)
    this.#wire = openWire(plan.opening.nonce)
    this.run = {
      tell: (line) => this.#tell(line),
      lines: this.#buffer.lines,
      ending: this.#settled.promise,
      kill: () => this.#kill(),
    }
    // A caller that reads the lines first must not crash the process by looking at the ending late.
    this.#settled.promise.catch(() => {})
    void this.#converse()
  }

  /** Ends following. The program goes on. */
  leave(): void {
    const after = this.#isLook() ? 'it ends with its session' : 'the program goes on'
    this.#end({ type: 'lost', why: `tandem stopped following; ${after}` })
  }

  #isSettled(): boolean {
    return this.#state === 'settled'
  }

  #isLook(): boolean {
    return this.#plan.opening.lookMs !== null
  }

  async #converse(): Promise<void> {
    const { standing } = this.#plan
    try {
      if (standing !== null) {
        this.#wire = openWire(this.#plan.opening.nonce, 'words')
        this.#greeted = true
        const end = await this.#speak(standing)
        if (this.#state === 'following' || this.#state === 'settled') return await this.#gone(end)
        // It was gone before it heard of us: nothing was run.
        this.#beginAnew()
      }
      const link = await this.#plan.dial()
      if (this.#isSettled()) return link.cut()
      await this.#gone(await this.#speak(link))
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  /** Sends what there is to send, and hears what is said until the session is over. */
  async #speak(link: Link): Promise<LinkEnd> {
    this.#link = link
    this.#listen(link)
    this.#timers.push(setTimeout(() => this.#greeted || this.#fail(mute(this.#plan)), HELLO_LIMIT_MS))
    if (this.#greeted || this.#plan.password === null) void this.#upload(link)
    return link.gone
  }

  #beginAnew(): void {
    this.#unlisten()
    for (const timer of this.#timers.splice(0)) clearTimeout(timer)
    this.#wire = openWire(this.#plan.opening.nonce)
    this.#greeted = false
    this.#stderr = ''
    this.#state = 'dialling'
  }

  #listen(link: Link): void {
    const hear = (bytes: Buffer): void => {
      for (const heard of this.#wire.push(bytes)) this.#hear(heard, link)
    }
    const hearError = (bytes: Buffer): void => {
      this.#stderr = (this.#stderr + bytes.toString()).slice(-STDERR_LIMIT)
      this.#answer(link)
    }
    link.stdout.on('data', hear)
    link.stderr.on('data', hearError)
    this.#unlisten = () => {
      link.stdout.off('data', hear)
      link.stderr.off('data', hearError)
    }
  }

  #answer(link: Link): void {
    const { password } = this.#plan
    if (password === null || !this.#stderr.includes(password.prompt)) return
    this.#stderr = this.#stderr.replace(password.prompt, '')
    this.#asked += 1
    if (this.#asked > 1) return this.#fail(new TroubleError(wrongPassword(this.#plan.host)))
    password.answer().then(
      (word) => link.stdin.write(`${word}\n`),
      (thrown: unknown) => this.#fail(thrown),
    )
  }

  #hear(heard: Heard, link: Link): void {
    if (this.#state === 'settled') return
    switch (heard.type) {
      case 'hello':
        this.#greeted = true
        this.#plan.greeted()
        if (this.#plan.password !== null) void this.#upload(link)
        return
      case 'failed':
        // What went wrong is on stderr, which may come a moment later.
        this.#refused = heard.why
        this.#timers.push(setTimeout(() => link.cut(), LEAVE_MS))
        link.stdin.end()
        return
      case 'started':
        for (const timer of this.#timers.splice(0)) clearTimeout(timer)
        this.#state = 'following'
        return this.#follow(link)
      case 'output':
        return this.#splitter.push(heard.bytes)
      case 'ended':
        return this.#end(verdictEnding(heard.verdict), this.#plan.keep)
    }
  }

  #follow(link: Link): void {
    const { lookMs } = this.#plan.opening
    if (lookMs === null) {
      for (const word of this.#waiting.splice(0)) link.stdin.write(word)
      this.#timers.push(setInterval(() => link.stdin.write('?\n'), LOOK_EVERY_MS).unref())
    } else this.#timers.push(setTimeout(() => this.#end({ type: 'overdue' }), lookMs))
  }

  async #upload(link: Link): Promise<void> {
    this.#state = 'uploading'
    for (const piece of piecesOf(this.#plan.opening.upload)) {
      if (this.#state !== 'uploading' || !link.stdin.writable) return
      if (link.stdin.write(piece)) continue
      const stall = setTimeout(() => link.cut(), STALL_LIMIT_MS)
      await Promise.race([once(link.stdin, 'drain'), link.gone]).catch(() => {})
      clearTimeout(stall)
    }
    if (this.#state !== 'uploading') return
    this.#state = 'uploaded'
    this.#timers.push(setTimeout(() => link.cut(), STALL_LIMIT_MS))
  }

  #tell(line: string): void {
    if (this.#isLook()) throw new RangeError('a look cannot be told anything')
    if (/[\n\0]/.test(line)) throw new RangeError('a line told to a program holds no newline and no NUL')
    this.#told += Buffer.byteLength(line) + 1
    if (this.#told > TELL_LIMIT)
      throw new RangeError('a program can be told 48 KB at most; send more in frames')
    this.#say(`t ${line}\n`)
  }

  #kill(): void {
    if (this.#state === 'settled' || this.#killed) return
    this.#killed = true
    // What is not whole there yet never runs: the far end finds the checksum wrong and cleans up.
    if (this.#state === 'dialling' || this.#state === 'uploading' || this.#isLook())
      return this.#end({ type: 'exited', code: 143 })
    this.#say('k\n')
  }

  #say(word: string): void {
    if (this.#state === 'settled') return
    if (this.#state === 'following') this.#link?.stdin.write(word)
    else this.#waiting.push(word)
  }

  async #gone(end: LinkEnd): Promise<void> {
    if (this.#state === 'settled') return
    if (this.#refused !== null) return this.#refuse(this.#refused)
    const mayRun = this.#greeted && (this.#state === 'uploaded' || this.#state === 'following')
    if (mayRun) return this.#end({ type: 'lost', why: lostWhy(this.#plan.host, this.#stderr) })
    this.#fail(new TroubleError(await this.#plan.explain(end, this.#stderr, this.#wire.noise())))
  }

  #refuse(why: string): void {
    const { host, id } = this.#plan
    const told = troubleHeard(why, { host, id, stderr: this.#stderr })
    if (told.type === 'lost') this.#end(told)
    else this.#fail(new TroubleError(told.trouble))
  }

  #fail(thrown: unknown): void {
    if (this.#state === 'settled') return
    this.#settled.reject(thrown)
    this.#close()
    this.#link?.cut()
  }

  #end(ending: Ending, keep: SessionPlan['keep'] = null): void {
    if (this.#state === 'settled') return
    this.#splitter.end()
    this.#settled.resolve(ending)
    const heardTheEnd = this.#state === 'following' && ending.type !== 'lost'
    this.#close()
    const link = this.#link
    if (link === null) return
    if (!heardTheEnd) return link.cut()
    if (keep !== null) {
      this.#unlisten()
      return keep()
    }
    link.stdin.end()
    const leave = setTimeout(() => link.cut(), LEAVE_MS)
    void link.gone.then(() => clearTimeout(leave))
  }

  #close(): void {
    this.#state = 'settled'
    for (const timer of this.#timers.splice(0)) clearTimeout(timer)
    this.#buffer.end()
  }
}

/** Pieces small enough to notice a stall. */
function* piecesOf(upload: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const bytes of upload)
    for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE)
}

function lostWhy(host: string, stderr: string): string {
  const last = stderr.trim().split('\n').at(-1) ?? ''
  return `the session to ${host} ended before the program did${last === '' ? '' : `: ${last}`}`
}

function wrongPassword(host: string): Trouble {
  return {
    what: `sudo on ${host} does not take the password`,
    host,
    now: 'check the sudo password of this host and try again',
  }
}

function mute({ host }: SessionPlan): TroubleError {
  return new TroubleError({
    what: `${host} let us in, but no program could begin within ${HELLO_LIMIT_MS / 1000} seconds`,
    host,
    lost: true,
    now: 'look at what the login files of this user wait for; a plain `ssh` command must come back at once',
  })
}
