import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStore } from '../store/open.ts'
import { openRepos } from './repos.ts'

const shop = { protect: ['main'], largestBytes: 1e9, mirrors: [], forge: null, jobs: {} } as const

test('many who heed tandem.ts at once make each repository once', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'tandem-heed-'))
  const store = await openStore(stateDir)
  const bugs: unknown[] = []
  const repos = await openRepos({
    stateDir,
    store,
    may: () => 'everything',
    secrets: async () => [],
    pushed: async () => {},
    needed: async () => new Set(),
    now: Date.now,
    sleep: async () => {},
    broke: (thrown) => bugs.push(thrown),
  })
  try {
    await Promise.all(['ada', 'tandem.ts', 'grace'].map((who) => repos.heed({ shop }, who)))
    assert.deepEqual(await readdir(join(stateDir, 'repos')), ['shop.git'])
    const made = await store.ledger.asides({ about: 'shop', before: null, limit: 10 })
    assert.deepEqual(
      made.map((aside) => [aside.type, 'who' in aside ? aside.who : null]),
      [['repo-made', 'ada']],
    )
    assert.deepEqual(repos.known('shop'), shop)
    assert.deepEqual(bugs, [])
  } finally {
    await repos.close()
    await store.close()
    await rm(stateDir, { recursive: true })
  }
})
