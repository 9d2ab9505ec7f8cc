import type { FlipWish, ScheduleView } from '../../api/wire/flags.ts'
import { stamp } from '../../words/time.ts'
import { type Args, usage } from '../args.ts'
import { type Connection, withHub } from '../hub/reach/connect.ts'
import type { World } from '../world.ts'

/** Leaves a flip to a hub, which orders it when it is time. */
export async function orderLater(
  { client, drives }: Connection,
  wish: FlipWish,
  args: Args,
  world: World,
): Promise<number> {
  if (drives) throw usage('no hub runs here that could wait for that time', 'start one: `tandem hub`')
  const body = { wish, due: await dueIn(args, world), why: args.text('why') ?? '' }
  const { schedule } = await client.call('POST /api/flag-schedules', { body })
  if (args.has('json')) world.out(JSON.stringify({ schedule }))
  else
    world.out(
      `${schedule.id} waits until ${stamp(schedule.due)}; \`tandem flag unschedule ${schedule.id}\` takes it back`,
    )
  return 0
}

export function unschedule(args: Args, world: World, [id, extra]: readonly string[]): Promise<number> {
  if (id === undefined || extra !== undefined)
    throw usage('unschedule what?', 'write `tandem flag unschedule ID`; `tandem flag list` shows what waits')
  return withHub(args, world, async ({ client }) => {
    await client.call('DELETE /api/flag-schedules/:id', { params: { id }, query: { why: args.text('why') } })
    world.out(args.has('json') ? JSON.stringify({ unscheduled: id }) : `${id} is not ordered any more`)
    return 0
  })
}

/** `in 2h`, `2h`, or a moment with its offset: without one nobody knows which it is. */
async function dueIn(args: Args, world: World): Promise<number> {
  const written = args.text('at') ?? ''
  const { durationMs } = await import('../../config/values/units.ts')
  const ms = durationMs(written.replace(/^in /, ''))
  if (ms !== null) return world.now() + ms
  const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(written)
    ? Date.parse(written)
    : NaN
  if (!Number.isNaN(moment)) return moment
  throw usage(`--at ${written} is no time`, 'write 2h, or a moment with its offset: 2026-12-01T09:00+01:00')
}

/** What waits, a line each. */
export function waitingText(schedules: readonly ScheduleView[]): readonly string[] {
  return schedules.map(
    ({ id, target, wish, due, who, why }) =>
      `${id} waits until ${stamp(due)}: ${wish.do} ${target} by ${who}${why === '' ? '' : ` (${why})`}`,
  )
}
