import { addressWith } from '../address.ts'

/** The pages about flags; without an environment, where people mostly look. */
export type FlagRoute =
  | Readonly<{ page: 'flags'; environment: string | null; text: string }>
  | Readonly<{ page: 'segments'; environment: string | null }>
  | Readonly<{ page: 'flag'; key: string; environment: string | null }>

/** Null for what is no page about flags. */
export function flagRouteOf(pathname: string, query: URLSearchParams): FlagRoute | null {
  const environment = query.get('environment')
  if (pathname === '/flags') return { page: 'flags', environment, text: query.get('text') ?? '' }
  if (pathname === '/segments') return { page: 'segments', environment }
  const key = /^\/flags\/([^/]+)$/.exec(pathname)?.[1]
  if (key === undefined) return null
  try {
    return { page: 'flag', key: decodeURIComponent(key), environment }
  } catch {
    // A lone % is in no address that this page made.
    return null
  }
}

export const flagsAddress = (environment: string | null, text: string): string =>
  addressWith('/flags', { environment, text })

export const flagAddress = (key: string, environment: string | null): string =>
  addressWith(`/flags/${encodeURIComponent(key)}`, { environment })

export const segmentsAddress = (environment: string | null): string =>
  addressWith('/segments', { environment })
