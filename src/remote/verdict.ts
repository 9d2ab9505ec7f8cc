import type { Trouble } from '../change/trouble.ts'
import type { Ending } from './remote.ts'

type Lost = Extract<Ending, { type: 'lost' }>

/** The ending that the supervisor's word stands for: `exited 0`, `refused 7`, `overdue`, `gone`, `rebooted`. */
export function verdictEnding(verdict: string): Ending {
  const [word, number] = verdict.split(' ')
  const value = Number(number)
  if (word === 'exited' && Number.isInteger(value)) return { type: 'exited', code: value }
  if (word === 'refused' && Number.isInteger(value)) return { type: 'refused', token: value }
  if (word === 'overdue') return { type: 'overdue' }
  if (word === 'rebooted') return lostForGood('the host was restarted while the program ran')
  return lostForGood('the program was killed on the host together with its supervisor')
}

const lostForGood = (why: string): Lost => ({ type: 'lost', why, isOver: true })

/** What the far end says instead of starting. */
export function troubleHeard(
  why: string,
  at: Readonly<{ host: string; id: string; stderr: string }>,
): Lost | Readonly<{ type: 'trouble'; trouble: Trouble }> {
  const { host } = at
  const where = `run ${at.id}`
  const tail = at.stderr.trim() === '' ? {} : { tail: at.stderr.trim().split('\n').slice(-5) }
  if (why === 'unknown') return lostForGood(`${host} knows no ${where}; it never began, or was pruned`)
  if (why === 'garbled') {
    const what = `what was sent to ${host} did not arrive as it was sent, so nothing was run`
    const now = 'try again; if it stays so, a login file of this user reads from its input'
    return { type: 'trouble', trouble: { what, where, host, now, ...tail } }
  }
  if (why === 'exists') {
    const what = `${host} already has a ${where}, so nothing was run`
    return {
      type: 'trouble',
      trouble: { what, where, host, now: 'give each program an id of its own', ...tail },
    }
  }
  const what = `${host} cannot write what it was sent, so nothing was run`
  const now = 'look at the free space and inodes of its disk: df -h; df -i'
  return { type: 'trouble', trouble: { what, where, host, now, ...tail } }
}
