import { randomBytes } from 'node:crypto'
import { TroubleError } from '../../change/trouble.ts'
import type { Step } from '../../change/plan.ts'
import type { Frame, HostAddress } from '../../remote/remote.ts'
import { type Talk, talk } from '../../remote/talk.ts'
import { confirmOver } from './confirm.ts'
import { infraTarget } from '../infra-world.ts'
import { type Bench, programId } from './bench.ts'

/** Waiting for the locks of apt, for mirrors and for commands has limits of its own; this is the last one. */
const limitMs = 60 * 60_000

/** A program that changes a host. */
export type HostChange = Readonly<{ script: string; frames: readonly Frame[]; secrets: readonly string[] }>

/** Sends a program to a host, under the lease of the change, and listens to it. */
export function sendTo(
  bench: Bench,
  step: Step,
  host: HostAddress,
  make: (mark: string) => HostChange,
): Talk {
  const { world, work, stash } = bench
  const mark = randomBytes(4).toString('hex')
  const id = programId(bench, step)
  const { script, frames, secrets: own } = make(mark)
  const secrets = [...new Set([...own, ...(stash.get(`${work.change} ${host.name}`)?.sight.secrets ?? [])])]
  const lease = { target: infraTarget, token: work.token }
  let unconfirmed: Promise<string | null> = Promise.resolve(null)
  const talking = talk({
    host: host.name,
    what: `the step ${step.id}`,
    mark,
    run: world.remote.start(host, { id, script, frames, lease, limitMs, secrets }),
    reattach: () => world.remote.attach(host, id, secrets),
    say: (text) => work.say(step.id, host.name, text),
    heard: ([word, nonce]) => {
      if (word === 'confirm' && nonce !== undefined)
        unconfirmed = confirmOver(bench, { step, host, nonce, isOver: () => talking.isOver() })
    },
  })
  const end = (): Promise<void> =>
    talking.end().catch(async (thrown: unknown) => {
      throw withReason(thrown, await unconfirmed)
    })
  return { ...talking, end }
}

/** Why we could not confirm belongs to what the host says about it. */
function withReason(thrown: unknown, reason: string | null): unknown {
  if (reason === null || !(thrown instanceof TroubleError)) return thrown
  const tail = [...(thrown.trouble.tail ?? []), `the last try to confirm: ${reason}`]
  return new TroubleError({ ...thrown.trouble, tail }, { cause: thrown })
}
