import type { Order } from '../change/order.ts'
import type { Plan } from '../change/plan.ts'
import { TroubleError } from '../change/trouble.ts'
import type { Kind, Runner } from './kind.ts'
import type { Pen } from './pen.ts'
import type { World } from './world.ts'

/** A planned change being run: what every stage of its life needs. */
export type Job = Readonly<{ world: World; pen: Pen; order: Order; plan: Plan; runner: Runner }>

/** Makes the runner of a change, and closes it however the work ends. */
export async function withJob(parts: Omit<Job, 'runner'>, work: (job: Job) => Promise<void>): Promise<void> {
  const { world, pen, order, plan } = parts
  const { change, lease, say } = pen
  const runner = await kindOf(world, order.kind).run({ change, order, plan, token: lease.token, say })
  try {
    await work({ ...parts, runner })
  } finally {
    await runner.close()
  }
}

export function kindOf(world: Pick<World, 'kinds'>, name: string): Kind {
  const kind = world.kinds.get(name)
  if (kind !== undefined) return kind
  const known = [...world.kinds.keys()].join(', ')
  throw new TroubleError({ what: `there is no kind of change called ${name}`, now: `use one of: ${known}` })
}

export async function announce({ world, pen }: Pick<Job, 'world' | 'pen'>, text: string): Promise<void> {
  const told = await world.announce(pen.change, text)
  await pen.write(...told.map(({ room, trouble }) => ({ type: 'announced', room, text, trouble }) as const))
}
