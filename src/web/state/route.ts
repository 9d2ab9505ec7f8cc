import type { ChangeId } from '../../change/order.ts'

/** What the address bar asks for. */
export type Route =
  | Readonly<{ page: 'timeline'; target: string | null; text: string }>
  | Readonly<{ page: 'change'; id: ChangeId }>
  | Readonly<{ page: 'apps' }>
  | Readonly<{ page: 'hosts' }>
  | Readonly<{ page: 'login' }>
  | Readonly<{ page: 'nowhere'; path: string }>

/** Reads a path with its query. */
export function routeOf(address: string): Route {
  const { pathname, searchParams } = new URL(address, 'http://hub')
  const change = /^\/changes\/(c\d+)$/.exec(pathname)?.[1]
  if (change !== undefined) return { page: 'change', id: change }
  if (pathname === '/')
    return { page: 'timeline', target: searchParams.get('target'), text: searchParams.get('text') ?? '' }
  if (pathname === '/apps') return { page: 'apps' }
  if (pathname === '/hosts') return { page: 'hosts' }
  if (pathname === '/login') return { page: 'login' }
  return { page: 'nowhere', path: pathname }
}

/** The address of the timeline with its filters. */
export function timelineAddress(target: string | null, text: string): string {
  const query = new URLSearchParams()
  if (target !== null) query.set('target', target)
  if (text !== '') query.set('text', text)
  return query.size === 0 ? '/' : `/?${query.toString()}`
}

/** The token in a fragment like `#token=abc`, which never leaves the browser. */
export function tokenIn(fragment: string): string | null {
  return new URLSearchParams(fragment.replace(/^#/, '')).get('token')
}
