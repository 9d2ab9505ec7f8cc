import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Run, RunOrder } from '../../store/runs.ts'
import { openStore } from '../../store/open.ts'
import { makeApi } from '../app.ts'
import type { RunSide } from '../hub-side.ts'
import { makeSmallHub } from '../small-hub.ts'

const now = (): number => 1_800_000_000_000

const order: RunOrder = {
  repo: 'shop',
  commit: 'a'.repeat(40),
  tree: 'b'.repeat(40),
  ref: 'refs/heads/main',
  subject: 'a change',
  who: 'ada',
  door: 'git',
  trouble: null,
  orderedAt: now(),
  jobs: [{ name: 'test', needs: [], spec: {} }],
  again: false,
}

type Ask = (
  path: string,
  init?: Readonly<{ method: string; body?: unknown }>,
) => Promise<Readonly<{ status: number; body: unknown }>>

type House = Readonly<{
  ask: Ask
  asked: readonly unknown[]
  run: Run
  events: () => Promise<Response>
  tell: (run: Run) => void
}>

async function withApi(may: 'everything' | 'look', play: (house: House) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-runs-'))
  const store = await openStore(folder)
  try {
    const { run } = await store.runs.order(order)
    const asked: unknown[] = []
    const listeners = new Set<(run: Run) => void>()
    const runs: RunSide = {
      order: async (wish) => {
        asked.push(wish)
        return run
      },
      again: async (id, who, door) => {
        asked.push({ again: id, who, door })
        return run
      },
      cancel: async (id, who) => void asked.push({ cancel: id, who }),
      log: async (wish) => {
        asked.push(wish)
        return { lines: [{ ms: 1, text: 'hello' }], next: 8, isOver: false }
      },
      subscribe: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    }
    const { side } = makeSmallHub(store, { now, people: { ada: may } })
    const api = makeApi({ ...side, runs }, { now, broke: (_, thrown) => assert.fail(String(thrown)) })
    const { secret } = await store.tokens.create('ada', 'test', now(), null)
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
    const ask: Ask = async (path, { method, body } = { method: 'GET' }) => {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const answer = await api.request(path, { method, headers, ...sent })
      return { status: answer.status, body: await answer.json() }
    }
    const tell = (told: Run): void => {
      for (const listener of listeners) listener(told)
    }
    await play({ ask, asked, run, events: async () => api.request('/api/events', { headers }), tell })
  } finally {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  }
}

void test('runs are listed, shown, and their logs read from a byte on', () =>
  withApi('look', async ({ ask, asked, run }) => {
    assert.deepEqual(await ask('/api/runs?repo=shop&limit=5'), { status: 200, body: { runs: [run] } })
    assert.deepEqual(await ask('/api/runs?repo=infra'), { status: 200, body: { runs: [] } })
    assert.deepEqual(await ask('/api/runs/r1'), { status: 200, body: { run } })
    assert.equal((await ask('/api/runs/r9')).status, 404)
    assert.equal((await ask('/api/runs?before=nine')).status, 400)
    assert.equal((await ask('/api/runs/r1/log?job=test&from=7')).status, 200)
    assert.deepEqual(asked, [{ run: 'r1', job: 'test', attempt: null, from: 7 }])
    assert.equal((await ask('/api/runs/r1/log?job=test&attempt=3')).status, 400)
  }))

void test('runs are ordered, repeated and cancelled in the name of who asks', () =>
  withApi('everything', async ({ ask, asked }) => {
    await ask('/api/runs', { method: 'POST', body: { repo: 'shop', ref: 'refs/heads/main' } })
    await ask('/api/runs/r1/again', { method: 'POST' })
    await ask('/api/runs/r1/cancel', { method: 'POST' })
    assert.deepEqual(asked, [
      { repo: 'shop', ref: 'refs/heads/main', commit: null, who: 'ada', door: 'api', again: true },
      { again: 'r1', who: 'ada', door: 'api' },
      { cancel: 'r1', who: 'ada' },
    ])
  }))

void test('who may only look begins and ends no run', () =>
  withApi('look', async ({ ask, asked }) => {
    assert.equal(
      (await ask('/api/runs', { method: 'POST', body: { repo: 'shop', ref: 'main' } })).status,
      403,
    )
    assert.equal((await ask('/api/runs/r1/cancel', { method: 'POST' })).status, 403)
    assert.equal((await ask('/api/runs/r1/again', { method: 'POST' })).status, 403)
    assert.deepEqual(asked, [])
  }))

void test('the event stream tells of a run that alters, and of its newest state alone', () =>
  withApi('look', async ({ run, events, tell }) => {
    const reader = (await events()).body?.getReader()
    assert.ok(reader !== undefined)
    const text = async (): Promise<string> => {
      const { value } = await reader.read()
      assert.ok(value instanceof Uint8Array)
      return new TextDecoder().decode(value)
    }
    assert.match(await text(), /^retry/)
    tell({ ...run, outcome: 'failed' })
    tell({ ...run, outcome: 'passed' })
    const said = await text()
    assert.equal(said.match(/event: run/g)?.length, 1)
    assert.match(said, /"outcome":"passed"/)
    await reader.cancel()
  }))
