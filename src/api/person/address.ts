import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'

/** Where the request comes from; the empty name for one that came by no network. */
export function addressOf(c: Context): string {
  const bindings: Partial<HttpBindings> = c.env ?? {}
  return bindings.incoming?.socket.remoteAddress ?? ''
}
