import { z } from 'zod'
import type { Json } from '../change/json.ts'
import { TroubleError } from '../change/trouble.ts'
import type { TeamConfig } from '../config/config.ts'
import { findApp, findEnvironment } from '../config/find.ts'

/**
 * What can be ordered: a commit of an app (`ref`), a deployment that was live before (`again`, the id of the change
 * that made it), and of either only some `hosts`, when they are healed. `untested`: it goes out although it
 * did not pass its jobs.
 */
const wishSchema = z.strictObject({
  app: z.string().max(64).optional(),
  environment: z.string().max(64).optional(),
  ref: z.string().max(250).optional(),
  again: z.string().max(20).nullish(),
  hosts: z.array(z.string().max(64)).max(500).nullish(),
  untested: z.boolean().optional(),
})

export type Wish = Readonly<{
  app: string
  environment: string
  ref: string
  again: string | null
  hosts: readonly string[] | null
  untested: boolean
}>

/** Fills in what is left out: the only app, the only environment (or `production`), `HEAD`. */
export function readWish(wish: Json, config: TeamConfig): Wish {
  const read = wishSchema.safeParse(wish)
  if (!read.success) {
    const issue = read.error.issues[0]
    throw new TroubleError({
      what: `this is no wish for a deploy: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
      now: 'say app, environment, ref',
    })
  }
  const app = pick('app', read.data.app, Object.keys(config.apps), null)
  const found = findApp(config, app)
  const environment = pick(
    'environment',
    read.data.environment,
    Object.keys(found.environments),
    'production',
  )
  findEnvironment(found, environment)
  const { ref = 'HEAD', again = null, hosts = null, untested = false } = read.data
  return { app, environment, ref, again, hosts, untested }
}

function pick(
  what: string,
  name: string | undefined,
  known: readonly string[],
  usual: string | null,
): string {
  if (name !== undefined) return name
  const only = known.length === 1 ? known[0] : known.find((one) => one === usual)
  if (only !== undefined) return only
  if (known.length === 0)
    throw new TroubleError({ what: `tandem.ts has no ${what}`, now: `add one under ${what}s` })
  throw new TroubleError({ what: `there is more than one ${what}`, now: `say which: ${known.join(', ')}` })
}
