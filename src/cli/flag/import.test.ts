import assert from 'node:assert/strict'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { FlipItem } from '../../api/wire/flags.ts'
import { makeFakeWorld } from '../fake-world.ts'
import { main } from '../main.ts'
import { batchesOf, inOrder } from './import.ts'

const config = `import { tandem } from 'tandem'
export default tandem({
  people: { ada: { name: 'Ada', may: 'everything' } },
  hosts: { local: { via: 'local' } },
  apps: { shop: { run: { web: 'sleep 600' }, environments: { production: { on: ['local'] }, staging: { on: ['local'] } } } },
})
`
const fixtures = join(import.meta.dirname, '../../flags/exchange/fixtures')

async function makeProject(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-flag-import-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  await writeFile(join(dir, 'tandem.ts'), config)
  for (const name of ['flagd.json', 'unleash.json', 'unleash-export.json', 'growthbook.json'])
    await copyFile(join(fixtures, name), join(dir, name))
  return async (line: string) => {
    const world = makeFakeWorld({ cwd: dir, home: dir, user: 'ada', now: Date.now })
    const exit = await main(['flag', ...line.split(' ')], world)
    return { exit, out: world.outs.join('\n'), err: world.errs.join('\n'), dir }
  }
}

test('flags of flagd come in by one change, and go out as they were', async (t) => {
  const flag = await makeProject(t)
  const imported = await flag('import flagd.json')
  assert.equal(imported.exit, 0, imported.err)
  assert.match(imported.err, /^! happy-hour: left out: it asks the clock/m)
  assert.match(imported.err, /^ {2}new-welcome-banner: its metadata 'jira' has no place here$/m)
  assert.match((await flag('explain is-adult --attribute age=18')).out, /is-adult: true \(true\)/)
  const { flags } = JSON.parse((await flag('export')).out)
  assert.deepEqual(Object.keys(flags), [
    'header-color',
    'is-adult',
    'new-welcome-banner',
    'old-search',
    'page-size',
  ])
  assert.match((await flag('import flagd.json')).out, /^nothing to bring into production$/m)
})

test('what is there already is left, unless the file shall replace it', async (t) => {
  const flag = await makeProject(t)
  assert.equal((await flag('new old-search --default on')).exit, 0)
  const kept = await flag('import flagd.json')
  assert.equal(kept.exit, 0, kept.err)
  assert.match(kept.err, /^! there already, and left as it is: flag old-search; --replace takes the file's$/m)
  assert.match((await flag('show old-search')).out, /boolean/)
  assert.equal((await flag('import flagd.json --replace')).exit, 0)
  assert.match((await flag('show old-search')).out, /object/)
})

test('flags of Unleash and of GrowthBook come in, into the environment that is named', async (t) => {
  const flag = await makeProject(t)
  assert.equal((await flag('import unleash.json --in staging')).exit, 0)
  assert.equal((await flag('import growthbook.json --in staging')).exit, 0)
  const { flags } = JSON.parse((await flag('list --in staging --json')).out)
  assert.ok(flags.length > 15)
  const several = await flag('import unleash-export.json')
  assert.deepEqual([several.exit, several.err.includes('say which one, with --from NAME')], [1, true])
  const one = await flag('import unleash-export.json --from development --plan')
  assert.equal(one.exit, 0, one.err)
  assert.match(one.out, /half/)
})

test('a file that is none, or of nobody known, is refused', async (t) => {
  const flag = await makeProject(t)
  assert.match((await flag('import nothing.json')).err, /there is no file nothing.json/)
  const { dir } = await flag('list')
  await writeFile(join(dir, 'empty.json'), '{}')
  assert.match((await flag('import empty.json')).err, /--as flagd or --as unleash or --as growthbook/)
  assert.match((await flag('import empty.json --as flipt')).err, /--as flipt is not known/)
})

test('many flags come in several changes, each after those it asks for', () => {
  const on = { type: 'boolean', on: true, variants: { on: true }, default: 'on', off: null } as const
  const item = (nth: number): FlipItem => ({
    flag: `f${nth}`,
    to: {
      ...on,
      about: { description: 'x'.repeat(9000) },
      ...(nth < 299 && { requires: [{ flag: `f${nth + 1}`, serves: ['on'] }] }),
    },
    base: null,
  })
  const batches = batchesOf(inOrder(Array.from({ length: 300 }, (_, nth) => item(nth))))
  assert.ok(batches.length > 3)
  const order = batches.flat().map((each) => ('flag' in each ? each.flag : ''))
  assert.deepEqual(
    order,
    Array.from({ length: 300 }, (_, nth) => `f${299 - nth}`),
  )
  assert.ok(batches.every((batch) => JSON.stringify(batch).length < 800_000))
})
