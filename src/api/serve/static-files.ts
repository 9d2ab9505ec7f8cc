import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import type { Context, MiddlewareHandler } from 'hono'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.map': 'application/json',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}

/** What programs ask for. */
const notPages = /^\/(api\/|-\/|federate$)/

/** Serves the built dashboard in `webDir`; every path that is no file is one of its pages. */
export function staticFiles(webDir: string): MiddlewareHandler {
  return async (c, next) => {
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
    if (!isRead || notPages.test(c.req.path)) return next()
    const file = await fileAt(webDir, c.req.path)
    if (file !== null) return answer(c, file, cachingOf(c.req.path))
    if (isFilePath(c.req.path)) return c.text('not found\n', 404)
    const page = await fileAt(webDir, '/index.html')
    return page === null ? c.text(unbuilt, 503) : answer(c, page, 'no-cache')
  }
}

/** Files lie at the top and in `assets`; a page may have a dot in its address, as hosts and flags have in their names. */
export function isFilePath(urlPath: string): boolean {
  return urlPath.startsWith('/assets/') || /^\/[^/]*\.[^/]*$/.test(urlPath)
}

const unbuilt = 'the dashboard is not built: run `npx vite build src/web` in the folder of tandem\n'

type Found = Readonly<{ path: string; tag: string }>

async function fileAt(webDir: string, urlPath: string): Promise<Found | null> {
  const path = normalize(join(webDir, decoded(urlPath)))
  if (!path.startsWith(webDir + sep) || path.includes('\0')) return null
  const found = await stat(path).catch(() => null)
  if (found === null || !found.isFile()) return null
  return {
    path,
    tag: `"${found.size.toString(36)}-${Math.floor(found.mtimeMs).toString(36)}"`,
  }
}

function decoded(urlPath: string): string {
  try {
    return decodeURIComponent(urlPath)
  } catch {
    return '/'
  }
}

/** Files in `assets` have their content's hash in their name; all others may change under the same one. */
const cachingOf = (urlPath: string): string =>
  urlPath.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'

async function answer(c: Context, file: Found, caching: string): Promise<Response> {
  c.header('cache-control', caching)
  c.header('etag', file.tag)
  if (c.req.header('if-none-match') === file.tag) return c.body(null, 304)
  c.header('content-type', types[extname(file.path)] ?? 'application/octet-stream')
  return c.body(await readFile(file.path))
}
