import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { troubleOf } from '../../change/trouble.ts'
import type { Step } from '../../change/plan.ts'
import type { HostAddress } from '../../remote/remote.ts'
import { confirmProgramOf } from '../host/confirm.ts'
import type { Bench } from './bench.ts'

/** A little less than the host waits for us (src/infra/host/lockout.sh). */
const allTriesMs = 28_000
/** A new connection that has not been through by now is given up for a newer one. */
const oneTryMs = 8_000
const pauseMs = 500

/** A host that wants to be told that it can still be reached. */
export type Asking = Readonly<{
  step: Step
  host: HostAddress
  nonce: string
  /** The host does not wait any more. */
  isOver: () => boolean
}>

/**
 * Tells a host over a new connection that it can still be reached. One try is not enough: an sshd that has just been
 * told to read its settings anew does not listen for a moment. When all fail, nothing more is to be done here: the host
 * puts back by itself what would have locked us out, and its program says so. Gives back why the last try failed.
 */
export async function confirmOver(bench: Bench, asking: Asking): Promise<string | null> {
  const { step, host, isOver } = asking
  const say = (text: string): void => bench.work.say(step.id, host.name, text)
  const until = performance.now() + allTriesMs
  for (;;) {
    const failed = await tryOnce(bench, asking)
    say(
      failed === null ? 'confirmed over a new connection' : `not confirmed over a new connection: ${failed}`,
    )
    if (failed === null || isOver() || performance.now() > until) return failed
    await pause(pauseMs)
  }
}

/** Why it failed; null: the host has heard it. */
async function tryOnce({ world, work }: Bench, { step, host, nonce }: Asking): Promise<string | null> {
  const remote = world.newConnections()
  const late = new AbortController()
  const tooLate = pause(oneTryMs, `nothing came through within ${oneTryMs / 1000} s`, { signal: late.signal })
  const told = async (): Promise<string | null> => {
    const id = `confirm-${randomBytes(6).toString('hex')}`
    const script = confirmProgramOf(work.change, nonce)
    const run = remote.start(host, { id, script, frames: [], lease: null, limitMs: oneTryMs, secrets: [] })
    for await (const line of run.lines) work.say(step.id, host.name, line)
    const ending = await run.ending
    if (ending.type !== 'exited') return ending.type
    return ending.code === 0 ? null : 'the host does not wait for it'
  }
  try {
    return await Promise.race([told().catch((thrown: unknown) => troubleOf(thrown).what), tooLate])
  } finally {
    late.abort()
    tooLate.catch(() => undefined)
    await remote.close()
  }
}
