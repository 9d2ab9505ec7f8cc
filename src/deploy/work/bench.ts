import { randomBytes } from 'node:crypto'
import type { Step } from '../../change/plan.ts'
import { TroubleError } from '../../change/trouble.ts'
import type { Shelf } from '../../ci/provenance/shelf.ts'
import type { Work } from '../../pipeline/kind.ts'
import type { Frame, HostAddress, Remote } from '../../remote/remote.ts'
import type { Deployment } from '../deployment.ts'
import type { HostParts, HostWish, Scripts } from '../program/host-parts.ts'
import { scriptOf, type Wanted } from '../program/host-script.ts'
import { type Talk, talk } from '../../remote/talk.ts'

/** What the steps of a deploy need of the world. */
export type RunnerWorld = Readonly<{
  remote: Remote
  scripts: Scripts
  stateDir: string
  shelf: () => Promise<Shelf>
  address: (host: string) => HostAddress
  secrets: (deployment: Deployment) => Promise<ReadonlyMap<string, string>>
}>

/** One deploy on the bench: what all its steps share. */
export type Bench = Readonly<{ world: RunnerWorld; work: Work; deployment: Deployment }>

const quickMs = 60_000

export const hostOf = (step: Step): string => {
  if (step.host === null) throw new Error(`${step.id} has no host`)
  return step.host
}

export function partsOf({ world, work, deployment }: Bench, step: Step): HostParts {
  return {
    scripts: world.scripts,
    host: world.address(hostOf(step)),
    deployment,
    wish: step.input as unknown as HostWish,
    mark: randomBytes(4).toString('hex'),
    change: work.change,
    token: work.token,
  }
}

export type Sent = Readonly<{
  script: string
  frames: readonly Frame[]
  limitMs: number
  secrets: readonly string[]
  heard: (words: readonly string[]) => void
}>

export const deaf = (): void => {}

/** Sends a program to the host of a step, under the lease of the change. */
export function send({ world, work }: Bench, step: Step, parts: HostParts, sent: Sent): Talk {
  const { script, frames, limitMs, secrets, heard } = sent
  const id = `${work.change}-${step.action}-${randomBytes(5).toString('hex')}`
  const lease = { target: work.order.target, token: work.token }
  return talk({
    host: parts.host.name,
    what: `the step ${step.id}`,
    mark: parts.mark,
    run: world.remote.start(parts.host, { id, script, frames, lease, limitMs, secrets }),
    reattach: () => world.remote.attach(parts.host, id, secrets),
    say: (text) => work.say(step.id, parts.host.name, text),
    heard,
  })
}

/** Sends a short program that ends by itself, and requires that it tells the word. */
export async function sendQuick(bench: Bench, step: Step, wanted: Wanted, word: string): Promise<void> {
  const parts = partsOf(bench, step)
  const limitMs = quickMs + bench.deployment.spec.drainMs
  const sent = { script: scriptOf(parts, wanted), frames: [], limitMs, secrets: [], heard: deaf }
  await send(bench, step, parts, sent).until(word)
}

/** Waits for a program that an abort kills. */
export async function untilAborted(
  talk: Talk,
  signal: AbortSignal,
  wait: () => Promise<void>,
): Promise<void> {
  const stop = (): void => talk.kill()
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  try {
    await wait()
  } catch (thrown) {
    if (!signal.aborted) throw thrown
    throw new TroubleError(
      { what: 'ended, because the change is being undone', now: 'see what failed first' },
      { cause: thrown },
    )
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
