import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clone } from './clone.ts'

const waitLimitMs = 60_000
const lookEveryMs = 50

/** A program in the clone, and all that it has said. */
export type Started = Readonly<{
  said: () => string
  /** Waits until it has said this; rejects with all that it said when it ends before, or takes too long. */
  says: (words: string | RegExp) => Promise<void>
  interrupt: () => void
  ended: Promise<number | null>
}>

export function startIn(clone: Clone, words: readonly string[]): Started {
  const [program = '', ...rest] = words
  const child = spawn(program, rest, {
    cwd: clone.root,
    env: clone.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...clone.user,
  })
  let said = ''
  let hasEnded = false
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)))
  const ended = once(child, 'close').then(([code]) => {
    hasEnded = true
    return code as number | null
  })
  return {
    said: () => said,
    says: async (words) => {
      const deadlineMs = performance.now() + waitLimitMs
      while (typeof words === 'string' ? !said.includes(words) : !words.test(said)) {
        if (hasEnded || performance.now() > deadlineMs)
          throw new Error(`it ${hasEnded ? 'ended' : 'went on'} without saying ${words}; it said:\n${said}`)
        await sleep(lookEveryMs)
      }
    },
    interrupt: () => void child.kill('SIGINT'),
    ended,
  }
}

/** The commands that stand beneath a title of "try this", as one paste. */
export function pasteOf(said: string, title: string): string {
  const lines = said.slice(said.indexOf('try this')).split('\n')
  const from = lines.findIndex((line) => line.startsWith(`  ${title}`))
  if (from < 0) throw new Error(`nothing to try is called "${title}"`)
  const commands = lines.slice(from + 1)
  return commands.slice(0, commands.indexOf('')).join('\n')
}
