import type { TreeItem } from '../../../api/wire/code.ts'
import { TroubleError } from '../../../change/trouble.ts'
import { hashOf } from './hashes.ts'

export type Files = Readonly<Record<string, string>>

const basket = `import { createHmac, timingSafeEqual } from 'node:crypto'

const days = 30
const cookieName = 'basket'

/** Reads the basket out of the cookie; an altered one is an empty one. */
export function basketIn(cookies, secret) {
  const [text, seal] = (cookies[cookieName] ?? '').split('.')
  if (seal === undefined || !isSealOf(text, seal, secret)) return []
  return JSON.parse(Buffer.from(text, 'base64url').toString())
}

/** What the browser keeps for ${'`days`'} days. */
export function cookieOf(basket, secret) {
  const text = Buffer.from(JSON.stringify(basket)).toString('base64url')
  return \`\${cookieName}=\${text}.\${sealOf(text, secret)}; Max-Age=\${days * 86_400}; HttpOnly; SameSite=Lax\`
}

const sealOf = (text, secret) => createHmac('sha256', secret).update(text).digest('base64url')

function isSealOf(text, seal, secret) {
  const [given, right] = [Buffer.from(seal), Buffer.from(sealOf(text, secret))]
  return given.length === right.length && timingSafeEqual(given, right)
}
`

const readme = `# Shop

Sells bicycles, **one order at a time**. Runs on three hosts behind HAProxy.

- \`node server.js\` starts it on port 8080
- \`ci/test\` runs what the hub runs
- the basket is in [a cookie](https://developer.mozilla.org/docs/Web/HTTP/Cookies) of its own

## What to know

> A release that cannot answer \`/healthz\` never gets traffic.

\`\`\`
tandem deploy shop --why "the new basket"
\`\`\`

<script>alert('a README is only words')</script> and [a link](javascript:alert(1)) that leads nowhere.
`

/** Names that somebody may have chosen to see what breaks. */
export const hostileName = `"><img src=x onerror=alert(1)>.txt`

export const shopFiles: Files = {
  'README.md': readme,
  'server.js': `import { createServer } from 'node:http'\nimport { basketIn } from './src/basket.js'\n\nconst port = Number(process.env.PORT)\n\ncreateServer((request, response) => {\n  if (request.url === '/healthz') return response.end('ok')\n  response.end(JSON.stringify(basketIn({}, process.env.SECRET)))\n}).listen(port)\n`,
  'package.json': `{\n  "name": "shop",\n  "type": "module",\n  "scripts": { "test": "node --test" }\n}\n`,
  'tandem.ts': `import { tandem } from 'tandem'\n\nexport default tandem({\n  apps: { shop: { run: 'node server.js', port: 8080 } },\n})\n`,
  'ci/test': '#!/bin/sh\nset -e\nnpm ci\nnode --test --test-reporter=spec\n',
  'ci/build': '#!/bin/sh\nset -e\nnpm ci --omit=dev\ncp -r server.js src node_modules "$OUT"\n',
  'src/basket.js': basket,
  'src/basket.test.js': `import assert from 'node:assert/strict'\nimport { test } from 'node:test'\nimport { basketIn, cookieOf } from './basket.js'\n\ntest('a basket survives the session', () => {\n  const [, value] = /basket=([^;]+)/.exec(cookieOf(['bell'], 's'))\n  assert.deepEqual(basketIn({ basket: value }, 's'), ['bell'])\n})\n`,
  'src/deep/deeper/deepest/leaf.js': 'export const leaf = 1\n',
  'public/logo.png': '\0',
  'public/turned.js': `const isAdmin = false /*\u202e } \u2066if (isAdmin)\u2069 \u2066 begin */\n`,
  [`public/${hostileName}`]: '<script>alert(1)</script>\n',
  'docs/long.txt': Array.from(
    { length: 5_000 },
    (_, nth) => `line ${nth + 1}: ${'ride '.repeat(nth % 9)}`,
  ).join('\n'),
}

export const infraFiles: Files = {
  'README.md': '# Infrastructure\n\nWhat the hosts of acme have.\n',
  'tandem.ts': `import { tandem } from 'tandem'\nimport { web } from './recipes/web.ts'\n\nexport default tandem({ roles: { web: { recipe: web } } })\n`,
  'recipes/web.ts': `import { apt, file, service } from 'tandem'\n\nexport const web = () => [\n  apt('nginx'),\n  file('/etc/nginx/nginx.conf', { from: './nginx.conf' }),\n  service('nginx', { reloadOn: ['/etc/nginx/nginx.conf'] }),\n]\n`,
  'recipes/nginx.conf': 'http {\n    keepalive_timeout 65;\n    include /etc/nginx/conf.d/*.conf;\n}\n',
}

export const fileIn = (files: Files, path: string): string => {
  const text = files[path]
  if (text === undefined)
    throw new TroubleError({ what: `there is no file ${path} here`, now: 'look at the folder above it' })
  return text
}

/** What stands in a folder: folders first, then files, each by name. */
export function itemsIn(files: Files, path: string): readonly TreeItem[] {
  const prefix = path === '' ? '' : `${path}/`
  const items = new Map<string, TreeItem>()
  for (const [name, text] of Object.entries(files)) {
    if (!name.startsWith(prefix)) continue
    const [first = '', ...rest] = name.slice(prefix.length).split('/')
    const isFile = rest.length === 0
    const hash = hashOf(isFile ? text : `${prefix}${first}`)
    items.set(first, {
      name: first,
      kind: isFile ? 'file' : 'folder',
      hash,
      bytes: isFile ? text.length : null,
    })
  }
  if (items.size === 0)
    throw new TroubleError({ what: `there is no folder ${path} here`, now: 'look at the folder above it' })
  return [...items.values()].toSorted((a, b) =>
    a.kind === b.kind ? (a.name < b.name ? -1 : 1) : a.kind === 'folder' ? -1 : 1,
  )
}
