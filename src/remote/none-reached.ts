import { TroubleError } from '../change/trouble.ts'

/** The refusal of an order when not one of its hosts can be heard. `why`, where it is known, is shown for each. */
export function noneReached(away: readonly Readonly<{ host: string; why: string | null }>[]): TroubleError {
  const tail = away.flatMap(({ host, why }) => (why === null ? [] : [`${host}: ${why}`]))
  return new TroubleError({
    what: `none of the hosts can be reached: ${away.map(({ host }) => host).join(', ')}`,
    ...(tail.length === 0 ? {} : { tail }),
    now: 'look at the network and at `tandem status`, then order it again',
  })
}
