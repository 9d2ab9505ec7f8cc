import { TroubleError } from '../../change/trouble.ts'
import type { Look, Remote, Run } from '../../remote/remote.ts'

/** The same hosts for somebody who only looks: what would start a program there is refused, and looks end with the signal. */
export function onlyLooking(remote: Remote, signal: AbortSignal): Remote {
  return {
    ...remote,
    start: () => {
      throw new Error('a plan that nobody has ordered starts no program on a host')
    },
    look: (host, looking: Look) => until(remote.look(host, looking), signal),
  }
}

function until(run: Run, signal: AbortSignal): Run {
  if (signal.aborted) run.kill()
  signal.addEventListener('abort', run.kill, { once: true })
  const over = (): void => signal.removeEventListener('abort', run.kill)
  const ending = run.ending.finally(over).then(
    (end) => {
      if (signal.aborted) throw nobodyAsks()
      return end
    },
    (thrown: unknown) => {
      throw signal.aborted ? nobodyAsks() : thrown
    },
  )
  // Whoever reads the lines first hears of it there; it must not be an error that nobody has caught.
  ending.catch(() => {})
  return { ...run, ending }
}

const nobodyAsks = (): TroubleError =>
  new TroubleError({ what: 'the plan was not wanted any more', now: 'see what came after it' })
