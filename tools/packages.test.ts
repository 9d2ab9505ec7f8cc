import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { check } from './check.ts'
import { Children } from './child.ts'
import { strayPackages } from './packages.ts'

const hono = { 'node_modules/hono': { version: '4.13.19' } }
const house = { '': { version: '0.1.0' }, sdk: { version: '0.1.0' } }

/** A checkout with these packages in its lock file, and these in its folder; null = there is no such folder. */
function checkout(t: TestContext, meant: object, here: object | null): string {
  const root = mkdtempSync(join(tmpdir(), 'tandem-packages-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { ...house, ...meant } }))
  if (here === null) return root
  mkdirSync(join(root, 'node_modules'))
  const { sdk } = house
  writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages: { sdk, ...here } }))
  return root
}

test('packages that are those of the lock file are not spoken of, nor those of other platforms', (t) => {
  const elsewhere = { 'node_modules/@oxlint/win32': { version: '1.0.0', optional: true } }
  assert.equal(strayPackages(checkout(t, { ...hono, ...elsewhere }, hono)), null)
})

test('packages that something else than npm has laid down are not judged', (t) => {
  const root = checkout(t, hono, {})
  rmSync(join(root, 'node_modules/.package-lock.json'))
  assert.equal(strayPackages(root), null)
})

const older = { 'node_modules/hono': { version: '4.13.18' } }
const strays: readonly (readonly [string, object, object | null, RegExp])[] = [
  [
    'an older one',
    hono,
    older,
    /^node_modules\/hono is 4\.13\.18 here and 4\.13\.19 in package-lock\.json: /,
  ],
  ['one that is missing', hono, {}, /^node_modules\/hono is none here and 4\.13\.19 in/],
  ['one that nobody asks for', {}, hono, /^node_modules\/hono is 4\.13\.19 here and none in/],
  [
    'several',
    { ...hono, 'node_modules/zod': { version: '4.6.7' } },
    {},
    /^node_modules\/hono .* and 1 more: run/,
  ],
  ['all of them', hono, null, /^there is no node_modules here: run npm ci$/],
]
for (const [what, meant, here, says] of strays)
  test(`${what} is told in one line, and nothing else is checked`, async (t) => {
    const checked = await check(checkout(t, meant, here), new Children())
    assert.deepEqual(
      checked.map(({ name, ok }) => [name, ok]),
      [['packages', false]],
    )
    assert.match(checked[0]?.says ?? '', says)
  })
