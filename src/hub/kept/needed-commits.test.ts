import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Occurrence } from '../../change/occurrence.ts'
import { loadConfig } from '../../config/reading/load.ts'
import { scratchProject } from '../../config/scratch-project.ts'
import { openStore } from '../../store/open.ts'
import { leftMs, neededCommits } from './needed-commits.ts'

const hashOf = (letter: string): string => letter.repeat(40)
const holder = { pid: 1, started: 0, boot: 'needed', kind: 'hub' } as const

async function house(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-needed-'))
  const project = await scratchProject({ 'tandem.ts': 'export default { repos: { shop: {}, docs: {} } }' })
  const store = await openStore(dir)
  t.after(async () => {
    await store.close()
    await project[Symbol.asyncDispose]()
    await rm(dir, { recursive: true })
  })
  const { config } = await loadConfig(project.dir)
  const needed = async (releases: readonly string[] = []) => {
    const kept = releases.map((commit) => ({ commit })) as never
    return neededCommits({ store, config, releases: kept, now: Date.now }, 'shop')
  }
  return { store, needed }
}

const pushed = (from: string, to: string | null): Occurrence => ({
  type: 'pushed',
  ref: 'refs/heads/feature',
  from,
  to,
  who: 'ada',
  door: 'git',
  subject: 'one',
})

test('where a branch stood is needed for 90 days, and no longer', async (t) => {
  const { store, needed } = await house(t)
  const now = Date.now()
  await store.ledger.record('shop', pushed(hashOf('a'), null), now - leftMs - 60_000)
  await store.ledger.record('shop', pushed(hashOf('b'), hashOf('c')), now - leftMs + 60_000)
  for (let nth = 0; nth < 600; nth += 1)
    await store.ledger.record('shop', { type: 'mirrored', to: 'elsewhere', trouble: null }, now)
  await store.ledger.record('docs', pushed(hashOf('d'), null), now)
  assert.deepEqual([...(await needed())].toSorted(), [hashOf('b'), hashOf('c')])
})

test('what runs, kept releases and changes name is needed, however old it is', async (t) => {
  const { store, needed } = await house(t)
  const said = { subject: 's', who: 'ada', door: 'git', orderedAt: 1, again: false, trouble: null } as const
  const run = { repo: 'shop', commit: hashOf('1'), tree: hashOf('2'), ref: 'refs/heads/main', jobs: [] }
  await store.runs.order({ ...run, ...said })
  await store.runs.order({ ...run, ...said, repo: 'docs', commit: hashOf('3') })
  const wish = { commit: hashOf('4'), on: ['web1'] }
  const order = {
    kind: 'apply',
    target: 'infra',
    wish,
    who: 'ada',
    door: 'cli',
    why: '',
    reverts: null,
  } as const
  await store.ledger.order(order, 1, holder)
  const found = await needed([hashOf('5')])
  assert.deepEqual([...found].toSorted(), [hashOf('1'), hashOf('4'), hashOf('5')])
})
