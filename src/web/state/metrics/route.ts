import { addressWith } from '../address.ts'

/** The pages of graphs. Which time they show is in the address too, and is read by all of them alike. */
export type GraphRoute =
  | Readonly<{ page: 'graphs' }>
  /** An app in an environment: `shop@production`. */
  | Readonly<{ page: 'graphs of app'; target: string }>
  | Readonly<{ page: 'graphs of host'; host: string }>
  | Readonly<{ page: 'graphs of front'; host: string }>
  | Readonly<{ page: 'graphs of hub' }>
  | Readonly<{ page: 'own graphs'; name: string }>
  | Readonly<{ page: 'explore'; query: string; as: 'graph' | 'table' }>

/** Null for what is no page of graphs. */
export function graphRouteOf(pathname: string, query: URLSearchParams): GraphRoute | null {
  if (pathname === '/graphs') return { page: 'graphs' }
  if (pathname === '/graphs/hub') return { page: 'graphs of hub' }
  if (pathname === '/graphs/explore')
    return {
      page: 'explore',
      query: query.get('query') ?? '',
      as: query.get('as') === 'table' ? 'table' : 'graph',
    }
  const [, room, written] = /^\/graphs\/(apps|hosts|fronts|pages)\/([^/]+)$/.exec(pathname) ?? []
  const name = decoded(written ?? '')
  if (room === undefined || name === null) return null
  switch (room) {
    case 'apps':
      return { page: 'graphs of app', target: name }
    case 'hosts':
      return { page: 'graphs of host', host: name }
    case 'fronts':
      return { page: 'graphs of front', host: name }
    default:
      return { page: 'own graphs', name }
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    // A lone % is in no address that this page made.
    return null
  }
}

export const appGraphsAddress = (target: string): string => `/graphs/apps/${encodeURIComponent(target)}`
export const hostGraphsAddress = (host: string): string => `/graphs/hosts/${encodeURIComponent(host)}`
export const frontGraphsAddress = (host: string): string => `/graphs/fronts/${encodeURIComponent(host)}`
export const ownGraphsAddress = (name: string): string => `/graphs/pages/${encodeURIComponent(name)}`
export const exploreAddress = (query: string, as: 'graph' | 'table' = 'graph'): string =>
  addressWith('/graphs/explore', { query, as: as === 'graph' ? null : as })
