import assert from 'node:assert/strict'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { CodeRoutes } from '../src/api/wire/code.ts'
import type { Run } from '../src/store/runs.ts'
import { doorLimits } from '../src/vcs/doors/limits.ts'
import {
  type Checkout,
  checkoutIn,
  noSandbox,
  type ServedHub,
  serveHub,
  twoPeople,
} from './repos/served-hub.ts'
import { until } from './lab/until.ts'

describe('a push is run', { timeout: 600_000, skip: noSandbox }, () => {
  let hub: ServedHub
  let ada: Checkout

  const ask = async <T>(path: string, method = 'GET'): Promise<T> => {
    const headers = { authorization: `Bearer ${hub.secret('ada')}` }
    const answer = await fetch(`${hub.url}${path}`, { method, headers })
    assert.equal(answer.status, 200, await answer.clone().text())
    return (await answer.json()) as T
  }
  const runsOf = async (commit: string): Promise<readonly Run[]> =>
    (await ask<CodeRoutes['GET /api/runs']>(`/api/runs?commit=${commit}`)).runs
  const logOf = async (run: string): Promise<string> => {
    const { lines } = await ask<CodeRoutes['GET /api/runs/:run/log']>(`/api/runs/${run}/log?job=test`)
    return lines.map(({ text }) => text).join('\n')
  }
  const pushed = async (test: string): Promise<string> => {
    await mkdir(join(ada.dir, 'ci'), { recursive: true })
    await ada.commit('A job', { 'ci/test': `#!/bin/sh\n${test}\n` })
    await chmod(join(ada.dir, 'ci/test'), 0o755)
    const commit = await ada.commit('A change', {})
    await ada.must('push', '--quiet', '-o', 'detach', 'tandem', 'main')
    return commit
  }
  const over = async (commit: string): Promise<Run> => {
    await until('the run is over', async () => ((await runsOf(commit))[0]?.endedAt ?? null) !== null)
    const [run] = await runsOf(commit)
    assert.ok(run !== undefined)
    return run
  }

  before(async () => {
    hub = await serveHub(`${twoPeople}, repos: { shop: {} }`)
    ada = await checkoutIn(join(hub.dir, 'ada'), hub.clone('shop'))
  })
  after(async () => {
    await hub.close()
    assert.deepEqual(hub.broken, [])
  })

  test('once, and the ledger says how it went', async () => {
    const commit = await pushed('echo hello from the job')
    const run = await over(commit)
    assert.equal(run.outcome, 'passed')
    assert.equal(run.who, 'ada')
    assert.match(await logOf(run.id), /hello from the job/)
    assert.equal((await runsOf(commit)).length, 1)
    const ended = (await hub.asides('shop')).filter((aside) => aside.type === 'run-ended')
    assert.deepEqual(
      ended.map((aside) => aside.type === 'run-ended' && [aside.commit, aside.outcome]),
      [[commit, 'passed']],
    )
  })

  test('to its end, though the hub was restarted meanwhile', async () => {
    const commit = await pushed('echo begun; sleep 2; echo done')
    await until('the job prints', async () => {
      const [run] = await runsOf(commit)
      return run !== undefined && (await logOf(run.id)).includes('begun')
    })
    await hub.restart()
    const run = await over(commit)
    assert.equal(run.outcome, 'passed')
    assert.equal((await logOf(run.id)).match(/begun/g)?.length, 1)
  })

  test('and again when somebody asks, and not on when they have had enough', async () => {
    const commit = await pushed('sleep 60')
    await until('it runs', async () => (await runsOf(commit))[0]?.jobs[0]?.status === 'running')
    const [first] = await runsOf(commit)
    await ask(`/api/runs/${first?.id}/cancel`, 'POST')
    assert.equal((await over(commit)).outcome, 'cancelled')
    const { run } = await ask<CodeRoutes['POST /api/runs/:run/again']>(`/api/runs/${first?.id}/again`, 'POST')
    assert.notEqual(run.id, first?.id)
    await ask(`/api/runs/${run.id}/cancel`, 'POST')
    await over(commit)
  })

  test('and those who wait for theirs keep nobody from pushing', async () => {
    const commit = await pushed('sleep 60')
    const waiting = Array.from({ length: doorLimits.pushes }, (_, nth) =>
      ada.git('push', 'tandem', `${commit}:refs/heads/side${nth}`),
    )
    await until('all are run', async () => (await runsOf(commit)).length === 1 + waiting.length)
    await ada.must('push', '-o', 'detach', 'tandem', `${commit}:refs/heads/late`)
    // Those who wait are not cut off when the hub goes.
    await hub.restart()
    for (const { code, stderr } of await Promise.all(waiting)) {
      assert.equal(code, 0, stderr)
      assert.match(stderr, /the hub goes down; this goes on when it is back/)
    }
    for (const { id } of await runsOf(commit)) await ask(`/api/runs/${id}/cancel`, 'POST')
    await until('all are over', async () => (await runsOf(commit)).every((run) => run.endedAt !== null))
  })
})
