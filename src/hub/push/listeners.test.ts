import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openStore } from '../../store/open.ts'
import type { Relay } from '../../vcs/push.ts'
import { mostListeners, openListeners } from './listeners.ts'

/** A terminal that somebody listens at until they leave. */
function terminal() {
  const lines: string[] = []
  const left = new AbortController()
  const ended = Promise.withResolvers<void>()
  const relay: Relay = { say: (line) => void lines.push(line), end: ended.resolve, gone: left.signal }
  return { relay, lines, ended: ended.promise, leave: () => left.abort() }
}

async function hall(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-listeners-'))
  const store = await openStore(dir)
  t.after(async () => {
    await listeners.letGo()
    await store.close()
    await rm(dir, { recursive: true })
  })
  const broken: unknown[] = []
  const log = { fails: false }
  const listeners = openListeners({
    store,
    train: { stir: () => {}, found: () => null },
    planOf: async () => null,
    config: () => Promise.reject(new Error('somebody writes tandem.ts')),
    runs: {
      log: async ({ from }) => {
        if (log.fails) throw new Error('the disk is gone')
        return from === 0
          ? {
              lines: Array.from({ length: 40 }, (_, nth) => ({ ms: 0, text: `line ${nth}` })),
              next: 9,
              isOver: false,
            }
          : { lines: [], next: 9, isOver: true }
      },
    },
    world: {
      now: Date.now,
      sleep: (ms, signal) => pause(ms, undefined, { signal }).catch(() => undefined),
    },
    broke: (thrown) => void broken.push(thrown),
  })
  const { run } = await store.runs.order({
    repo: 'shop',
    commit: 'c'.repeat(40),
    tree: 't',
    ref: 'refs/heads/main',
    subject: '',
    who: 'ada',
    door: 'git',
    trouble: null,
    orderedAt: 0,
    again: false,
    jobs: [{ name: 'test', needs: [], spec: {} }],
  })
  const end = async (outcome: 'passed' | 'failed') => {
    const taken = await store.runs.claim(run.id, 'test', { pid: 1, started: 0, boot: '' }, 0)
    if (taken === null) throw new Error('somebody else has it')
    await store.runs.write(taken.claim, { status: 'over', outcome, startedAt: 0, endedAt: 1_000 }, {})
    await store.runs.end(run.id, { outcome, endedAt: 1_000, release: null })
  }
  return { listeners, run, end, broken, log }
}

test('who listens is told until nothing is left to wait for', async (t) => {
  const { listeners, run, end } = await hall(t)
  const here = terminal()
  listeners.tell(run, here.relay)
  await end('passed')
  await here.ended
  assert.deepEqual(here.lines, ['r1: test', 'r1 test passed (1.0 s)', 'r1 passed (1.0 s)'])
})

test('of a job that fails the last lines are told, and no more', async (t) => {
  const { listeners, run, end } = await hall(t)
  const here = terminal()
  listeners.tell(run, here.relay)
  await end('failed')
  await here.ended
  const tail = here.lines.filter((line) => line.startsWith('  │ '))
  assert.equal(tail.length, 15)
  assert.equal(tail.at(-1), '  │ line 39')
})

test('as many listen as there is room for; others are told where to look, and who leaves makes room', async (t) => {
  const { listeners, run } = await hall(t)
  const all = Array.from({ length: mostListeners }, terminal)
  for (const { relay } of all) listeners.tell(run, relay)
  const late = terminal()
  listeners.tell(run, late.relay)
  await late.ended
  assert.match(late.lines.join('\n'), /^r1: 24 wait for theirs already; see `tandem runs show r1`$/)
  all[0]?.leave()
  await all[0]?.ended
  await pause(1)
  const next = terminal()
  listeners.tell(run, next.relay)
  while (next.lines.length === 0) await pause(5)
  assert.deepEqual(next.lines, ['r1: test'])
})

test('a hub that goes sends all away with a word on where it goes on', async (t) => {
  const { listeners, run } = await hall(t)
  const here = terminal()
  listeners.tell(run, here.relay)
  await listeners.letGo()
  await here.ended
  assert.match(
    here.lines.at(-1) ?? '',
    /^the hub goes down; this goes on when it is back: see `tandem runs show r1`$/,
  )
})

test('what cannot be told is a bug of ours, and keeps nobody waiting', async (t) => {
  const { listeners, run, end, broken, log } = await hall(t)
  const here = terminal()
  log.fails = true
  listeners.tell(run, here.relay)
  await end('failed')
  await here.ended
  assert.match(here.lines.at(-1) ?? '', /^this goes on, but cannot be told here/)
  assert.equal(broken.length, 1)
})
