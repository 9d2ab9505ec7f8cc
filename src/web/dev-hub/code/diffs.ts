import type { DiffLine, FileDiff } from '../../../api/wire/code.ts'
import { hostileName } from './files.ts'

/** A hunk out of lines that begin with their mark. */
function hunk(header: string, from: number, text: string): FileDiff['hunks'][number] {
  let [old, fresh] = [from, from]
  const lines = text.split('\n').map((line): DiffLine => {
    const rest = line.slice(1)
    if (line.startsWith('+')) return { kind: 'added', old: null, new: fresh++, text: rest }
    if (line.startsWith('-')) return { kind: 'removed', old: old++, new: null, text: rest }
    return { kind: 'same', old: old++, new: fresh++, text: rest }
  })
  return { header, lines }
}

function diff(paths: readonly [string | null, string | null], hunks: FileDiff['hunks'], cut = 0): FileDiff {
  const many = (kind: DiffLine['kind']) =>
    hunks.reduce((sum, { lines }) => sum + lines.filter((line) => line.kind === kind).length, 0)
  const [oldPath, newPath] = paths
  return {
    oldPath,
    newPath,
    isBinary: false,
    added: many('added') + cut,
    removed: many('removed'),
    hunks,
    cut,
  }
}

const basket = hunk(
  '@@ -1,9 +1,12 @@',
  1,
  ` import { createHmac, timingSafeEqual } from 'node:crypto'
${' '}
-const cookieName = 'session'
+const days = 30
+const cookieName = 'basket'
${' '}
 /** Reads the basket out of the cookie; an altered one is an empty one. */
-export function basketIn(session) {
-  return session.basket ?? []
+export function basketIn(cookies, secret) {
+  const [text, seal] = (cookies[cookieName] ?? '').split('.')
+  if (seal === undefined || !isSealOf(text, seal, secret)) return []
+  return JSON.parse(Buffer.from(text, 'base64url').toString())
 }`,
)

const lock = hunk(
  '@@ -1,400 +1,400 @@',
  1,
  Array.from({ length: 400 }, (_, nth) =>
    nth % 3 === 0
      ? `-    "version": "1.${nth}.0",\n+    "version": "1.${nth}.1",`
      : `     "resolved": "https://registry.example/${nth}"`,
  ).join('\n'),
)

/** What the commits of shop alter: one shows everything a diff can be, the others a line or two. */
export const shopDiff = (nth: number): readonly FileDiff[] =>
  nth % 3 !== 0
    ? [
        diff(
          ['server.js', 'server.js'],
          [
            hunk(
              '@@ -4,3 +4,3 @@',
              4,
              ` const port = Number(process.env.PORT)\n-// workers: 4\n+// workers: ${nth}\n `,
            ),
          ],
        ),
      ]
    : [
        diff(['src/basket.js', 'src/basket.js'], [basket]),
        diff(
          ['src/cart.test.js', 'src/basket.test.js'],
          [
            hunk(
              '@@ -1,2 +1,3 @@',
              1,
              ` import assert from 'node:assert/strict'\n+import { basketIn, cookieOf } from './basket.js'\n `,
            ),
          ],
        ),
        diff(['package-lock.json', 'package-lock.json'], [lock], 1_204),
        { ...diff(['public/logo.png', 'public/logo.png'], []), isBinary: true },
        diff([null, `public/${hostileName}`], [hunk('@@ -0,0 +1 @@', 1, '+<script>alert(1)</script>')]),
        diff(['docs/old.md', null], [hunk('@@ -1 +0,0 @@', 1, '-nobody has read this since spring')]),
      ]

export const infraDiff: readonly FileDiff[] = [
  diff(
    ['recipes/web.ts', 'recipes/web.ts'],
    [
      hunk(
        '@@ -3,4 +3,5 @@',
        3,
        ` export const web = () => [\n   apt('nginx'),\n+  unit('lego-renew', { every: '1d' }),\n   service('nginx', { reloadOn: ['/etc/nginx/nginx.conf'] }),\n ]`,
      ),
    ],
  ),
]
