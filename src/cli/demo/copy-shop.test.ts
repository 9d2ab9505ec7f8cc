import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { loadConfig } from '../../config/reading/load.ts'
import { copyShop, moveShop, portOf } from './copy-shop.ts'
import { demoPlace, type Place, placeIn } from './place.ts'

test('the shop is copied once, with a past and a configuration that fits this machine', async (t) => {
  const place = await emptyPlace(t)
  assert.equal(await copyShop(place), true)
  assert.deepEqual(git(place, 'log', '--reverse', '--format=%s|%an|%aI').trim().split('\n'), [
    'Open the shop|The Shop|2026-11-02T09:00:00+00:00',
    'Sell baskets|The Shop|2026-11-09T09:00:00+00:00',
    'Sell saddle bags and locks|The Shop|2026-11-16T09:00:00+00:00',
  ])
  assert.equal(git(place, 'status', '--porcelain'), '')
  assert.deepEqual(await Promise.all(['HEAD~2', 'HEAD~1', 'HEAD'].map((ref) => sold(place, ref))), [3, 4, 6])
  const { config } = await loadConfig(place.shop)
  const app = config.apps['shop']
  assert.equal(app?.port, await portOf(place.shop))
  assert.deepEqual(Object.keys(app?.run ?? {}), ['web', 'worker'])
  await assert.rejects(stat(join(place.shop, 'shop.test.ts')), { code: 'ENOENT' })
  assert.equal(await copyShop(place), false)
})

test('a copy that was cut short is made again', async (t) => {
  const place = await emptyPlace(t)
  await copyShop({ ...place, shop: `${place.shop}.part` })
  assert.equal(await copyShop(place), true)
  assert.equal(git(place, 'rev-list', '--count', 'HEAD').trim(), '3')
})

test('the shop moves to the next free port, as a commit', async (t) => {
  const place = await emptyPlace(t)
  await copyShop(place)
  const port = await portOf(place.shop)
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(port + 1, resolve).on('error', () => resolve()))
  t.after(() => taken.close())
  const next = await moveShop(place, port)
  assert.ok(next > port + 1, `${next}`)
  assert.equal(await portOf(place.shop), next)
  assert.equal(git(place, 'log', '-1', '--format=%s').trim(), `Move to port ${next}`)
})

test('without the example there is no demo, and it says what to do', async (t) => {
  const place = await emptyPlace(t)
  await assert.rejects(
    copyShop({ ...place, example: join(place.root, 'nothing') }),
    /the demo needs the example shop/,
  )
})

async function emptyPlace(t: TestContext): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-copy-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return { ...placeIn(folder, join(folder, '.tandem/demo/shop')), example: demoPlace().example }
}

const git = ({ shop }: Place, ...words: readonly string[]): string =>
  execFileSync('git', ['-C', shop, ...words], {
    encoding: 'utf8',
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' },
  })

const sold = async (place: Place, ref: string): Promise<number> =>
  (JSON.parse(git(place, 'show', `${ref}:shop.json`)) as { products: readonly unknown[] }).products.length
