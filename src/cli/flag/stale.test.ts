import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { makeFakeWorld } from '../fake-world.ts'
import { main } from '../main.ts'

const config = `import { tandem } from 'tandem'
export default tandem({
  people: { ada: { name: 'Ada', may: 'everything' } },
  hosts: { local: { via: 'local' } },
  apps: { shop: { run: { web: 'sleep 600' }, environments: { production: { on: ['local'] } } } },
})
`

async function makeProject(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-flag-stale-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  await writeFile(join(dir, 'tandem.ts'), config)
  await mkdir(join(dir, 'src'))
  await writeFile(
    join(dir, 'src/cart.ts'),
    "export const isNew: boolean = flags.boolean('new-cart', false)\n",
  )
  const flag = async (line: string, now = Date.now()) => {
    const world = makeFakeWorld({ cwd: dir, home: dir, user: 'ada', now: () => now })
    const exit = await main(['flag', ...line.split(' ')], world)
    return { exit, out: world.outs.join('\n'), err: world.errs.join('\n') }
  }
  return { dir, flag }
}

const dayMs = 86_400_000

test('flags that look forgotten are listed with the places in the code, and what to do', async (t) => {
  const { flag } = await makeProject(t)
  await flag('new new-cart --expires 2026-01-31 --owner ada')
  await flag('new old-search')
  assert.match((await flag('stale')).out, /^new-cart: was to be gone by 2026-01-31 · ada$/m)
  const { exit, out, err } = await flag('stale', Date.now() + 20 * dayMs)
  assert.equal(exit, 0, err)
  assert.match(out, /^new-cart: was to be gone by 2026-01-31, not asked for since .+ · ada$/m)
  assert.match(
    out,
    /^ {2}src\/cart\.ts:1:45 asks: export const isNew: boolean = flags\.boolean\('new-cart', false\)$/m,
  )
  assert.match(out, /^ {2}take it out of the code, release that, and then `tandem flag archive new-cart`$/m)
  assert.match(
    out,
    /^old-search: not asked for since [^]+?^ {2}no code asks for it here: `tandem flag archive old-search`$/m,
  )
})

test('it says when nothing looks forgotten, and what cannot be known yet', async (t) => {
  const { flag } = await makeProject(t)
  await flag('new new-cart')
  const { out } = await flag('stale')
  assert.match(out, /^no flag in production looks forgotten$/m)
  assert.match(out, /^flags are counted since \d{4}-\d\d-\d\d: which are not asked for can be told from/m)
  assert.match((await flag('stale --days 99')).err, /--days 99 is no number of days/)
})

test('a commit is searched instead of what lies in the folder', async (t) => {
  const { dir, flag } = await makeProject(t)
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', dir, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { stdio: 'pipe' })
  git('init', '-q', '-b', 'main')
  git('add', 'src')
  git('commit', '-qm', 'all')
  await flag('new new-cart --expires 2026-01-31')
  await writeFile(join(dir, 'src/cart.ts'), '')
  const { search: now } = JSON.parse((await flag('stale --json')).out)
  assert.deepEqual(now.places, [])
  const { search: then } = JSON.parse((await flag('stale --commit main --json')).out)
  assert.deepEqual(
    then.places.map(({ path, line, column, flag: key, how }: Record<string, unknown>) => [
      path,
      line,
      column,
      key,
      how,
    ]),
    [['src/cart.ts', 1, 45, 'new-cart', 'asked']],
  )
  assert.match((await flag('stale --commit nothing')).err, /there is no commit called nothing/)
})
