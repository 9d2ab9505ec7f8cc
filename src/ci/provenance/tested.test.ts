import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JobRun, Outcome, Run } from '../../store/runs.ts'
import type { Shelf, Signed } from './shelf.ts'
import type { Provenance } from './statement.ts'
import { whatWasTested } from './tested.ts'

const commit = { hash: 'c'.repeat(40), tree: 'd'.repeat(40) }
const release = 'a'.repeat(64)

const job = (name: string, outcome: Outcome): JobRun => ({
  name,
  needs: [],
  status: 'over',
  outcome,
  attempt: 1,
  host: null,
  startedAt: 1,
  endedAt: 2,
  exit: 0,
  trouble: null,
  steps: [],
  release: null,
})

const aRun = (wanted: Partial<Run> = {}): Run => ({
  id: 'r2',
  repo: 'shop',
  commit: commit.hash,
  tree: commit.tree,
  ref: 'refs/heads/main',
  subject: 'sell more',
  who: 'ada',
  door: 'git',
  orderedAt: 1,
  endedAt: 2,
  outcome: 'passed',
  supersededBy: null,
  trouble: null,
  jobs: [job('build', 'passed'), job('test', 'passed')],
  release,
  ...wanted,
})

const said = (wanted: Partial<Provenance> = {}): Provenance => ({
  release,
  files: 'f'.repeat(64),
  repo: 'shop',
  ref: 'refs/heads/main',
  commit: commit.hash,
  tree: commit.tree,
  run: 'r2',
  jobs: [{ name: 'test', outcome: 'flaky' }],
  hub: 'SHA256:x',
  version: '0',
  platform: 'linux-x64',
  startedAt: 1,
  endedAt: 2,
  ...wanted,
})

async function judged(runs: readonly Run[], statements: readonly Provenance[] = [said()]) {
  const forHosts = { signed: Buffer.from(''), signature: '' }
  const signed: readonly Signed[] = statements.map((provenance) => ({ provenance, forHosts }))
  const shelf: Shelf = {
    keyLine: '',
    keyId: '',
    of: async (asked) => signed.filter(({ provenance }) => provenance.release === asked),
    put: () => assert.fail('nothing is signed when one only looks'),
  }
  return whatWasTested({ runs: { list: async () => runs }, shelf }, 'shop', commit)
}

test('a commit is tested by a green run whose release is signed', async () => {
  const found = await judged([aRun()])
  assert.ok(found.type === 'tested')
  assert.deepEqual([found.run.id, found.signed.provenance.release], ['r2', release])
})

test('a green run without a release has passed, and one without jobs says nothing', async () => {
  assert.equal((await judged([aRun({ release: null })])).type, 'passed')
  assert.equal((await judged([aRun({ release: null, jobs: [] })])).type, 'no jobs')
})

test('the newest run decides, and one that somebody cancelled does not', async () => {
  const red = aRun({ id: 'r3', outcome: 'failed', jobs: [job('test', 'failed')] })
  assert.equal((await judged([red, aRun()])).type, 'untested')
  assert.equal((await judged([aRun({ id: 'r3', outcome: 'cancelled' }), aRun()])).type, 'tested')
})

const refused: readonly Readonly<{ name: string; runs: readonly Run[]; says: RegExp }>[] = [
  { name: 'was never tested', runs: [], says: /ccccccc was never tested/ },
  { name: 'is still tested', runs: [aRun({ outcome: null, endedAt: null })], says: /r2 still tests ccccccc/ },
  {
    name: 'failed',
    runs: [aRun({ outcome: 'failed', jobs: [job('build', 'passed'), job('test', 'timed out')] })],
    says: /did not pass its jobs in r2: test timed out/,
  },
  { name: 'was lost', runs: [aRun({ outcome: 'lost', jobs: [] })], says: /in r2: lost/ },
  {
    name: 'has jobs that cannot be read',
    runs: [aRun({ outcome: 'failed', trouble: { what: 'no such option', now: '' } })],
    says: /cannot be read: no such option/,
  },
]

for (const { name, runs, says } of refused) {
  test(`a commit that ${name} is untested, and it is said how it can go out`, async () => {
    const found = await judged(runs)
    assert.ok(found.type === 'untested')
    assert.match(found.trouble.what, says)
    assert.match(found.trouble.now, /--untested --why TEXT/)
  })
}

const foreign: Readonly<Record<string, Partial<Provenance>>> = {
  'another commit': { commit: 'e'.repeat(40) },
  'another tree': { tree: 'e'.repeat(40) },
  'no tree': { tree: null },
  'another repository': { repo: 'till' },
  'another run': { run: 'r1' },
  'no run': { run: null },
  'another release': { release: 'e'.repeat(64) },
  'jobs that failed': { jobs: [{ name: 'test', outcome: 'failed' }] },
  'no jobs': { jobs: [] },
}

for (const [name, wanted] of Object.entries(foreign)) {
  test(`a statement about ${name} says nothing of this commit`, async () => {
    const found = await judged([aRun()], [said(wanted)])
    assert.ok(found.type === 'untested')
    assert.match(found.trouble.what, /nothing that this hub has signed/)
  })
}
