import { randomBytes } from 'node:crypto'
import type { ForgeConfig } from '../../config/repo/repo.ts'
import type { Deliveries } from './deliveries.ts'
import { eventOf, type ForgeEvent } from './event.ts'
import { type Delivery, faultOf } from './signature.ts'
import type { Tally } from './tally.ts'

/** What a webhook is answered: `status` of HTTP, and a line for the people who look at the forge's list of deliveries. */
export type HookAnswer = Readonly<{ status: 200 | 202 | 401 | 404 | 503; says: string }>

export type IntakeWorld = Readonly<{
  /** The forge of this repository as `tandem.ts` last said it; null where there is none, or no such repository. */
  forgeOf: (repo: string) => ForgeConfig | null
  /** The value of a secret of the environment `infra`; null where it is not set. */
  secret: (name: string) => Promise<string | null>
  deliveries: Deliveries
  tally: Tally
  now: () => number
  /** Acts on what is believed and new. It must not wait for the network. */
  heard: (repo: string, event: ForgeEvent) => Promise<void>
}>

/** Takes one webhook: believes it or not, drops what was sent before, and passes on the rest. */
export function makeIntake(world: IntakeWorld) {
  // Who asks for a repository that there is not waits as long as for one that there is.
  const nobodys = randomBytes(32).toString('hex')
  return async (repo: string, delivery: Delivery): Promise<HookAnswer> => {
    const at = world.now()
    const forge = world.forgeOf(repo)
    if (forge === null) {
      faultOf({ kind: 'gitea', webhook: 'signature' }, delivery, nobodys, at)
      world.tally.refused(null, 'there is no such repository', at)
      return { status: 404, says: 'this hub follows no repository of that name' }
    }
    const secret = await world.secret(forge.secret)
    if (secret === null) {
      world.tally.refused(repo, `the secret ${forge.secret} is not set in infra`, at)
      return { status: 503, says: 'the hub does not have the secret of this webhook' }
    }
    const fault = faultOf(forge, delivery, secret, at)
    if (fault !== null) {
      world.tally.refused(repo, fault, at)
      return { status: 401, says: 'this webhook is not signed as it should be' }
    }
    return takeSigned(world, repo, { forge, delivery, at })
  }
}

type Signed = Readonly<{ forge: ForgeConfig; delivery: Delivery; at: number }>

async function takeSigned(
  world: IntakeWorld,
  repo: string,
  { forge, delivery, at }: Signed,
): Promise<HookAnswer> {
  if (!(await world.deliveries.isNew(repo, delivery.body, at))) {
    world.tally.repeated(repo)
    return { status: 200, says: 'this webhook was here before: nothing is done' }
  }
  world.tally.taken(repo, at)
  const event = eventOf(forge.kind, delivery)
  await world.heard(repo, event)
  return answerTo(event)
}

function answerTo(event: ForgeEvent): HookAnswer {
  switch (event.type) {
    case 'ping':
      return { status: 200, says: 'it reaches us, and the secret fits' }
    case 'other':
      return { status: 200, says: 'this moves no ref: nothing is done' }
    case 'unread':
      return { status: 202, says: `the refs are looked at; the body was not understood: ${event.why}` }
    case 'pushed':
    case 'request':
      return { status: 202, says: 'the refs are looked at' }
  }
}
