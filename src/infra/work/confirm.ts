import { randomBytes } from 'node:crypto'
import { troubleOf } from '../../change/trouble.ts'
import type { Step } from '../../change/plan.ts'
import type { HostAddress } from '../../remote/remote.ts'
import { confirmProgramOf } from '../host/confirm.ts'
import type { Bench } from './bench.ts'

const limitMs = 20_000

/**
 * Tells a host over a new connection that it can still be reached. When that fails, nothing more is to be done here: the
 * host puts back by itself what would have locked us out, and its program says so.
 */
export async function confirmOver(bench: Bench, step: Step, host: HostAddress, nonce: string): Promise<void> {
  const { world, work } = bench
  const remote = world.newConnections()
  try {
    const id = `confirm-${randomBytes(6).toString('hex')}`
    const script = confirmProgramOf(work.change, nonce)
    const run = remote.start(host, { id, script, frames: [], lease: null, limitMs, secrets: [] })
    for await (const line of run.lines) work.say(step.id, host.name, line)
    const ending = await run.ending
    const how =
      ending.type === 'exited' && ending.code === 0
        ? 'confirmed over a new connection'
        : `not confirmed: ${ending.type}`
    work.say(step.id, host.name, how)
  } catch (thrown) {
    work.say(step.id, host.name, `not confirmed over a new connection: ${troubleOf(thrown).what}`)
  } finally {
    await remote.close()
  }
}
