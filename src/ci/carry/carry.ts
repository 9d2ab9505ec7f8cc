import { setTimeout as pause } from 'node:timers/promises'
import { troubleOf, TroubleError } from '../../change/trouble.ts'
import type { Remote, Run } from '../../remote/remote.ts'
import type { Carried, Verdict } from './carried.ts'
import { fetchBack } from './fetch.ts'
import { programOf } from './host-program.ts'
import { type Heard, openHeard } from './heard.ts'

export type CarryWorld = Readonly<{
  remote: Remote
  print: (line: string) => void
  /** Aborted when the job shall stop. */
  stopped: AbortSignal
}>

const beatMs = 20_000
const againMs = 2_000
/** When all is fetched, the host has this long to say goodbye. */
const leaveMs = 10_000

/**
 * Carries out a job on a build host and follows it, over as many sessions as it takes. The host runs it and keeps what it
 * prints, also while nobody follows; a host that is not heard for longer than is waited for, or that has forgotten the
 * job, has lost it.
 */
export async function carry(carried: Carried, world: CarryWorld): Promise<Verdict> {
  const { host, id, secrets, patienceMs } = carried
  const heard = openHeard(carried.mark, world.print)
  let run = world.remote.start(host, await programOf(carried))
  let unheardSince = performance.now()
  for (let isFirst = true; ; isFirst = false) {
    const followed = await follow(run, heard, world.stopped).catch((thrown: unknown) =>
      unheard(thrown, isFirst),
    )
    if (followed === 'over') return fetched(carried, world, { run, heard })
    if (followed === 'cut') unheardSince = performance.now()
    else if (followed !== 'unheard') return followed
    if (performance.now() - unheardSince > patienceMs)
      return lost(`${host.name} is not heard for ${patienceMs / 1000} s`)
    await pause(againMs)
    heard.fromTheBeginning()
    run = world.remote.attach(host, id, secrets)
  }
}

const lost = (said: string): Verdict => ({ why: 'host lost', code: null, said })

/** `over`: the job said how it ended. `cut`: the session ended, and the job may go on. `unheard`: there was none. */
type Followed = 'over' | 'cut' | 'unheard' | Verdict

async function follow(run: Run, heard: Heard, stopped: AbortSignal): Promise<Followed> {
  const stop = (): void => run.tell('stop')
  const beats = setInterval(() => run.tell('here'), beatMs)
  if (stopped.aborted) stop()
  stopped.addEventListener('abort', stop)
  try {
    for await (const line of run.lines) {
      heard.take(line)
      if (heard.verdict() !== null) return 'over'
    }
    const ending = await run.ending
    if (ending.type === 'lost') return ending.isOver === true ? lost(ending.why) : 'cut'
    if (ending.type === 'overdue') return { why: 'overdue', code: null, said: null }
    const code = ending.type === 'exited' ? ending.code : null
    return {
      why: 'not started',
      code: null,
      said: `the program on the host ended with ${code} and no verdict`,
    }
  } finally {
    clearInterval(beats)
    stopped.removeEventListener('abort', stop)
  }
}

/** A host that cannot be reached now may be there later, unless it never was. */
function unheard(thrown: unknown, isFirst: boolean): Followed {
  if (!(thrown instanceof TroubleError)) throw thrown
  if (!isFirst) return 'unheard'
  const { what, now, lost: isLost = false } = thrown.trouble
  return isLost ? lost(what) : { why: 'not started', code: null, said: `${what}; ${now}` }
}

/** The verdict, once what the job left is here. */
async function fetched(
  carried: Carried,
  { remote }: CarryWorld,
  { run, heard }: Readonly<{ run: Run; heard: Heard }>,
): Promise<Verdict> {
  const verdict = heard.verdict() ?? lost('it said nothing of its end')
  try {
    if (verdict.why === 'exited') await fetchBack(remote, carried)
  } catch (thrown) {
    return lost(troubleOf(thrown).what)
  }
  run.tell('done')
  await Promise.race([run.ending.catch(() => undefined), pause(leaveMs)])
  return verdict
}
