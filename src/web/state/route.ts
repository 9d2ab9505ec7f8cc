import type { ChangeId } from '../../change/order.ts'
import { addressWith } from './address.ts'
import { type CodeRoute, codeRouteOf } from './code/route.ts'
import { type FlagRoute, flagRouteOf } from './flags/route.ts'
import { type GraphRoute, graphRouteOf } from './metrics/route.ts'

/** What the address bar asks for. */
export type Route =
  | Readonly<{ page: 'timeline'; target: string | null; text: string }>
  | Readonly<{ page: 'change'; id: ChangeId }>
  | Readonly<{ page: 'apps' }>
  | Readonly<{ page: 'hosts'; among: string | null; text: string }>
  | Readonly<{ page: 'host'; host: string }>
  | Readonly<{ page: 'login' }>
  | Readonly<{ page: 'nowhere'; path: string }>
  | CodeRoute
  | FlagRoute
  | GraphRoute

/** Reads a path with its query. */
export function routeOf(address: string): Route {
  const { pathname, searchParams } = new URL(address, 'http://hub')
  const change = /^\/changes\/(c\d+)$/.exec(pathname)?.[1]
  if (change !== undefined) return { page: 'change', id: change }
  if (pathname === '/')
    return { page: 'timeline', target: searchParams.get('target'), text: searchParams.get('text') ?? '' }
  if (pathname === '/apps') return { page: 'apps' }
  if (pathname === '/hosts')
    return { page: 'hosts', among: searchParams.get('among'), text: searchParams.get('text') ?? '' }
  const host = /^\/hosts\/([^/%]+)$/.exec(pathname)?.[1]
  if (host !== undefined) return { page: 'host', host }
  if (pathname === '/login') return { page: 'login' }
  return (
    codeRouteOf(pathname, searchParams) ??
    graphRouteOf(pathname, searchParams) ??
    flagRouteOf(pathname, searchParams) ?? { page: 'nowhere', path: pathname }
  )
}

/** The address of the timeline with its filters. */
export const timelineAddress = (target: string | null, text: string): string =>
  addressWith('/', { target, text })

/** The address of the hosts of a role or group, with words to look for. */
export const hostsAddress = (among: string | null, text: string): string =>
  addressWith('/hosts', { among, text })

/** The token in a fragment like `#token=abc`, which never leaves the browser. */
export function tokenIn(fragment: string): string | null {
  return new URLSearchParams(fragment.replace(/^#/, '')).get('token')
}
