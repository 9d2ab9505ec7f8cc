import type { EndReason } from '../supervisor/order.ts'
import type { Verdict } from './carried.ts'

/** What is heard of a job on a host, also when it is told anew from the beginning. */
export type Heard = Readonly<{
  take: (line: string) => void
  /** How the job ended; null until it says so. */
  verdict: () => Verdict | null
  /** The next line is the first again. */
  fromTheBeginning: () => void
}>

const reasons: readonly EndReason[] = ['exited', 'stopped', 'disk full', 'out of memory', 'not started']

/**
 * Prints each line of a journal once, however often it is told, and reads the verdict in its last. That one stands behind
 * an empty line, which is no line of the job.
 */
export function openHeard(mark: string, print: (line: string) => void): Heard {
  let [at, known] = [0, 0]
  let last = ''
  let isEmptyHeld = false
  let verdict: Verdict | null = null

  function printOnce(line: string): void {
    at += 1
    if (at > known) {
      known = at
      last = line
      print(line)
      // A line whose end was cut off with its session.
    } else if (at === known && line !== last && line.startsWith(last)) {
      print(line.slice(last.length))
      last = line
    }
  }

  return {
    take: (line) => {
      if (line.startsWith(`${mark}\t`)) {
        isEmptyHeld = false
        verdict = verdictIn(line)
        return
      }
      if (isEmptyHeld) printOnce('')
      isEmptyHeld = line === ''
      if (!isEmptyHeld) printOnce(line)
    },
    verdict: () => verdict,
    fromTheBeginning: () => {
      at = 0
      isEmptyHeld = false
    },
  }
}

function verdictIn(line: string): Verdict {
  const [, word, code = '', said = ''] = line.split('\t')
  const why = reasons.find((reason) => reason === word) ?? 'not started'
  return { why, code: code === '' ? null : Number(code), said: said === '' ? null : said }
}
