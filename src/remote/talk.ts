import { type Trouble, TroubleError, troubleOf } from '../change/trouble.ts'
import type { Ending, Run } from './remote.ts'

const reattachTries = 4
const reattachPauseMs = 1_500
/** How many lines for people are kept, to be shown when the program fails without naming its own last ones. */
const tailLines = 15

/** A program on a host that we listen to, across lost connections. */
export type Talk = Readonly<{
  /** Resolves when the program has told this word; rejects with a TroubleError when it ends without. */
  until: (word: string) => Promise<void>
  /** Resolves at the end; rejects with a TroubleError unless the program ended well. */
  end: () => Promise<void>
  say: (line: string) => void
  /** Whether the program has ended, well or not, or cannot be heard any more. */
  isOver: () => boolean
  kill: () => void
  /** Everything told so far: lines that began with the mark, without it. */
  told: readonly string[]
}>

export type TalkParts = Readonly<{
  host: string
  what: string
  mark: string
  run: Run
  /** Follows the same program over a new connection; null for one that ends with its session. */
  reattach: (() => Run) | null
  /** Lines for people. */
  say: (text: string) => void
  /** Called with the words of each told line. */
  heard: (words: readonly string[]) => void
}>

/** What was told to us, and the last lines for people. */
type Heard = Readonly<{ told: string[]; tail: string[] }>

type Waiter = Readonly<{ word: string; done: () => void; failed: (thrown: unknown) => void }>

/** Listens to a program: its lines for people go to `say`, its marked ones are told, its end is judged. */
export function talk(parts: TalkParts): Talk {
  const heard: Heard = { told: [], tail: [] }
  const { told } = heard
  const waiters = new Set<Waiter>()
  const now = { run: parts.run }
  let over: Readonly<{ trouble: Trouble | null }> | null = null

  const ended = listen(parts, now, (line) => {
    const words = hear(parts, heard, line)
    if (words === null) return
    for (const waiter of waiters) if (waiter.word === words[0]) waiter.done()
  })
    .then((ending) => troubleIn(parts, ending, heard))
    .catch((thrown: unknown): Trouble => ({ host: parts.host, ...troubleOf(thrown) }))
    .then((trouble) => {
      over = { trouble }
      for (const waiter of waiters) waiter.failed(new TroubleError(trouble ?? silent(parts)))
      return trouble
    })

  return {
    until: (word) => {
      if (told.some((line) => line.split(' ')[0] === word)) return Promise.resolve()
      if (over !== null) return Promise.reject(new TroubleError(over.trouble ?? silent(parts)))
      return new Promise((done, failed) => waiters.add({ word, done, failed }))
    },
    end: async () => {
      const trouble = await ended
      if (trouble !== null) throw new TroubleError(trouble)
    },
    say: (line) => now.run.tell(line),
    isOver: () => over !== null,
    kill: () => now.run.kill(),
    told,
  }
}

/** Follows the journal to the program's end; a lost connection is made again, and what was heard is not heard twice. */
async function listen(
  parts: TalkParts,
  now: { run: Run },
  hearLine: (line: string) => void,
): Promise<Ending> {
  let heardLines = 0
  for (let nth = 0; ; nth++) {
    let seen = 0
    for await (const line of now.run.lines) if (++seen > heardLines) hearLine(line)
    heardLines = Math.max(heardLines, seen)
    const ending = await now.run.ending
    if (ending.type !== 'lost' || ending.isOver === true) return ending
    if (parts.reattach === null || heardLines === 0 || nth === reattachTries) return ending
    await new Promise((resolve) => setTimeout(resolve, reattachPauseMs))
    now.run = parts.reattach()
  }
}

/** The words of a told line; `null` for a line that is for people. */
function hear(parts: TalkParts, { told, tail }: Heard, line: string): readonly string[] | null {
  const mark = `@${parts.mark} `
  if (!line.startsWith(mark)) {
    tail.push(line)
    if (tail.length > tailLines) tail.shift()
    parts.say(line)
    return null
  }
  const text = line.slice(mark.length)
  told.push(text)
  if (text.startsWith('step ')) parts.say(text.slice('step '.length))
  const words = text.split(' ')
  parts.heard(words)
  return words
}

const silent = ({ host, what }: TalkParts): Trouble => ({
  what: `${what} on ${host} ended without saying so`,
  host,
  now: 'see the log of the change',
})

/** What an ending means for people; `null` for a good one. */
function troubleIn({ host, what }: TalkParts, ending: Ending, { told, tail: said }: Heard): Trouble | null {
  const after = (word: string): string | undefined =>
    told.findLast((line) => line.startsWith(`${word} `))?.slice(word.length + 1)
  const named = told.flatMap((line) => (line.startsWith('tail ') ? [line.slice('tail '.length)] : []))
  const tail = named.length > 0 ? named : said
  switch (ending.type) {
    case 'exited': {
      if (ending.code === 0) return null
      const why = after('trouble') ?? `${what} on ${host} ended with ${ending.code}`
      const now = after('now') ?? 'see the log of the change for its last lines'
      return { what: why, host, exit: ending.code, tail, now }
    }
    case 'refused':
      return {
        what: `${host} obeys a newer change (token ${ending.token})`,
        host,
        now: 'see `tandem status` for who holds it',
      }
    case 'overdue':
      return {
        what: `${what} on ${host} took too long and was ended`,
        host,
        tail,
        now: 'see the log of the change; order it again',
      }
    case 'lost':
      return {
        what: `${host} cannot be heard: ${ending.why}`,
        host,
        lost: true,
        now: 'the host is healed when it returns',
      }
  }
}
