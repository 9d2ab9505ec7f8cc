import type { ExplainAsked } from '../../../api/wire/flags.ts'
import { TroubleError } from '../../../change/trouble.ts'
import type { Flag } from '../../../../sdk/flag/flag.ts'
import type { Asked } from '../routes.ts'

/** Answers the routes about flags. */
export function flagRoutes(method: string, { hub, query, body, parts }: Asked): unknown {
  const { flags } = hub
  const [room = '', written = '', what = ''] = parts
  const key = decodeURIComponent(written)
  switch (`${method} ${room} ${what}`) {
    case 'GET flags ':
      return key === '' ? flags.list(query.get('environment')) : flags.flag(key, query.get('environment'))
    case 'POST flags explain':
      return flags.explain(key, (body as ExplainAsked).context)
    case 'GET flag-use ':
      return flags.use(query.get('environment') ?? 'production')
    case 'POST flag-use reach':
      return flags.reach(key, (body as Readonly<{ flag: Flag }>).flag)
    default:
      throw new TroubleError({
        what: `this hub does not play ${method} ${room}`,
        now: 'look at the real one',
      })
  }
}
