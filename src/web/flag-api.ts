import type { FlagUseRoutes } from '../api/wire/flag-use.ts'
import type { FlagRoutes } from '../api/wire/flags.ts'
import type { Json } from '../change/json.ts'
import type { Context, Flag } from '../../sdk/flag/flag.ts'

type Answer<R extends keyof FlagRoutes> = Promise<FlagRoutes[R]>
type UseAnswer<R extends keyof FlagUseRoutes> = Promise<FlagUseRoutes[R]>

/** What the dashboard asks about flags. Edits are ordered like all changes. */
export type FlagApi = Readonly<{
  /** Null: where people mostly look. */
  flags: (environment: string | null) => Answer<'GET /api/flags'>
  flag: (key: string, environment: string | null) => Answer<'GET /api/flags/:key'>
  explain: (key: string, environment: string, context: Context) => Answer<'POST /api/flags/:key/explain'>
  flagUse: (environment: string) => UseAnswer<'GET /api/flag-use'>
  /** Whom of the people seen lately a flag would reach as it is wanted. */
  reach: (key: string, environment: string, flag: Flag) => UseAnswer<'POST /api/flag-use/:key/reach'>
}>

type Ask = <T>(method: string, path: string, body?: Json) => Promise<T>
type QueryOf = (fields: Readonly<Record<string, string | number | null>>) => string

export function makeFlagApi(ask: Ask, queryOf: QueryOf): FlagApi {
  const at = (key: string) => `/api/flags/${encodeURIComponent(key)}`
  return {
    flags: (environment) => ask('GET', `/api/flags?${queryOf({ environment })}`),
    flag: (key, environment) => ask('GET', `${at(key)}?${queryOf({ environment })}`),
    explain: (key, environment, context) =>
      ask('POST', `${at(key)}/explain`, { environment, context: context as Json }),
    flagUse: (environment) => ask('GET', `/api/flag-use?${queryOf({ environment })}`),
    reach: (key, environment, flag) =>
      ask('POST', `/api/flag-use/${encodeURIComponent(key)}/reach`, {
        environment,
        flag: flag as unknown as Json,
      }),
  }
}
