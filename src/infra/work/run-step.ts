import type { Json } from '../../change/json.ts'
import type { Step } from '../../change/plan.ts'
import { TroubleError } from '../../change/trouble.ts'
import { shLine } from '../../remote/quote.ts'
import { hostAddress } from '../../config/find.ts'
import { type Bench, hostOf, programId } from './bench.ts'

type Input = Readonly<{ command: readonly string[]; limitMs: number }>

/** A command of a person on one host. What it prints goes to the log of the change. */
export async function runOn(bench: Bench, step: Step, signal: AbortSignal): Promise<Json> {
  const { world, work, config } = bench
  const { command, limitMs } = step.input as unknown as Input
  const host = hostAddress(world, config, hostOf(step))
  const script = `cd / && exec ${shLine(command)}\n`
  const id = programId(bench, step)
  const run = world.remote.start(host, { id, script, frames: [], lease: null, limitMs, secrets: [] })
  const kill = (): void => run.kill()
  signal.addEventListener('abort', kill)
  try {
    for await (const line of run.lines) work.say(step.id, host.name, line)
    const ending = await run.ending
    if (ending.type === 'exited' && ending.code === 0) return null
    throw failed(host.name, ending.type === 'exited' ? `ended with ${ending.code}` : endings[ending.type])
  } finally {
    signal.removeEventListener('abort', kill)
  }
}

const endings = {
  refused: 'was refused there',
  overdue: 'took too long and was ended',
  lost: 'cannot be heard any more: its host is away',
} as const

const failed = (host: string, how: string): TroubleError =>
  new TroubleError({ what: `the command on ${host} ${how}`, host, now: 'see what it printed' })
