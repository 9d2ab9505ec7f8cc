import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { makeApi } from '../../api/app.ts'
import { makeClient } from '../../api/client/client.ts'
import type { HubSide, RunSide } from '../../api/hub-side.ts'
import { makeSmallHub } from '../../api/small-hub.ts'
import { openStore } from '../../store/open.ts'
import type { Claim, JobRun } from '../../store/runs.ts'
import { readArgs } from '../args.ts'
import { makeFakeWorld } from '../fake-world.ts'
import { main } from '../main.ts'
import { actions, command, list } from './runs.ts'

const now = Date.UTC(2026, 10, 23, 12)
const runner = { pid: 1, started: 0, boot: 'here' }
const over = { status: 'over', startedAt: now, endedAt: now + 2_000 } as const

async function makeScene(t: TestContext, names: readonly string[] = ['test']) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-runs-cli-'))
  const store = await openStore(dir)
  t.after(async () => {
    await store.close()
    await rm(dir, { recursive: true })
  })
  const { run } = await store.runs.order({
    repo: 'shop',
    commit: 'a'.repeat(40),
    tree: 'b'.repeat(40),
    ref: 'refs/heads/main',
    subject: 'Fix the till',
    who: 'ada',
    door: 'git',
    trouble: null,
    orderedAt: now,
    jobs: names.map((name) => ({ name, needs: [], spec: {} })),
    again: false,
  })
  const asked: unknown[] = []
  let log: RunSide['log'] = async () => ({ lines: [], next: 0, isOver: true })
  const { side } = makeSmallHub(store, { now: () => now, people: { ada: 'everything' } })
  const runs: HubSide['runs'] = {
    ...side.runs,
    again: async (id, who) => {
      asked.push({ again: id, who })
      return { ...run, id: 'r2' }
    },
    cancel: async (id, who) => void asked.push({ cancel: id, who }),
    log: (wish) => log(wish),
  }
  const api = makeApi(
    { ...side, runs },
    { now: () => now, broke: (_, thrown) => assert.fail(String(thrown)) },
  )
  const { secret } = await store.tokens.create('ada', 'x', 0, null)
  const fetch = (request: Request) => api.request(request)
  const client = makeClient({ fetch, base: 'http://hub.test', token: secret, door: 'cli' })
  const exec = async (line: string) => {
    const world = makeFakeWorld()
    const args = await readArgs(line.split(' ').slice(1), { name: 'runs', options: command.options, most: 3 })
    const [action, id = ''] = args.words
    const act = action === undefined ? undefined : actions[action]
    const exit = act === undefined ? await list(client, args, world) : await act(client, id, args, world)
    return { exit, out: world.outs.join('\n') }
  }
  const held = new Map<string, Claim>()
  /** What became of a job, as its supervisor would have it written. */
  const write = async (name: string, job: Partial<JobRun>) => {
    const claim = (await store.runs.claim('r1', name, runner, now))?.claim ?? held.get(name)
    assert.ok(claim !== undefined)
    held.set(name, claim)
    await store.runs.write(claim, job, {})
  }
  return { exec, write, asked, answer: (next: RunSide['log']) => (log = next) }
}

/** A log that is there as a whole. */
const whole =
  (...texts: readonly string[]): RunSide['log'] =>
  async ({ from }) =>
    from === 0
      ? { lines: texts.map((text, at) => ({ ms: at * 1_000, text })), next: 9, isOver: false }
      : { lines: [], next: from, isOver: true }

test('runs are listed with a branch by its short name, for people and programs', async (t) => {
  const { exec } = await makeScene(t)
  const { exit, out } = await exec('runs --ref main --repo shop')
  assert.equal(exit, 0)
  assert.match(out, /^RUN +STATUS.*\nr1 +waiting +just now +shop +main +aaaaaaa +ada +Fix the till$/)
  assert.match((await exec('runs --ref other')).out, /no runs here/)
  assert.equal(JSON.parse((await exec('runs --json')).out).runs[0].id, 'r1')
})

test('a run is shown with its jobs, their troubles and what can be done', async (t) => {
  const { exec, write } = await makeScene(t, ['build', 'test'])
  const trouble = { what: 'it took too long', now: 'raise its limit' }
  await write('test', { ...over, outcome: 'timed out', trouble })
  const { out } = await exec('runs show r1')
  for (const part of [
    /^r1 shop aaaaaaa Fix the till$/m,
    /^status +running$/m,
    /^build +waiting$/m,
    /^test +timed out +2\.0 s$/m,
    /✗ it took too long\n +now +raise its limit/,
    /tandem runs cancel r1$/,
  ])
    assert.match(out, part)
  assert.equal(JSON.parse((await exec('runs show r1 --json')).out).run.jobs[1].outcome, 'timed out')
  await assert.rejects(exec('runs show r7'), /there is no run r7/)
})

test('the log of the first job that failed is folded, with the failed step in full', async (t) => {
  const { exec, write, answer } = await makeScene(t, ['build', 'test'])
  await assert.rejects(exec('runs log r1'), /which job of r1/)
  await assert.rejects(exec('runs log r1 tset'), /r1 has no job tset/)
  await write('test', { ...over, outcome: 'failed', exit: 3 })
  answer(whole('::step install', 'quiet', '::step check', 'not ok 1'))
  const { exit, out } = await exec('runs log r1')
  assert.equal(exit, 0)
  assert.match(
    out,
    /^test\n {2}✓ install 2\.0 s\n {2}✗ check 0\.0 s\n {2}│ not ok 1\n {2}exit 3\n✗ test failed 2\.0 s$/,
  )
  assert.match((await exec('runs log r1 test -v')).out, /│ quiet/)
  const { steps } = JSON.parse((await exec('runs log r1 --json')).out)
  assert.deepEqual(
    steps.map((step: { name: string }) => step.name),
    ['install', 'check'],
  )
})

test('a followed log goes on into the second attempt, and its exit code tells the outcome', async (t) => {
  const { exec, write, answer } = await makeScene(t)
  await write('test', { status: 'running', startedAt: now })
  let asked = 0
  answer(async ({ attempt, from }) => {
    asked += 1
    if (asked === 2) await write('test', { status: 'waiting', attempt: 2 })
    if (asked === 4) await write('test', { ...over, outcome: 'flaky' })
    const lines = from === 0 ? [{ ms: 1, text: `attempt ${attempt}` }] : []
    return { lines, next: 9, isOver: asked >= 4 }
  })
  const { exit, out } = await exec('runs log r1 -f -v')
  assert.equal(exit, 0)
  assert.match(out, /│ attempt 1\ntest, once more\n.*│ attempt 2\n✓ test flaky/)
})

test('a followed log of a red job exits with 1, and is lines of JSON for programs', async (t) => {
  const { exec, write, answer } = await makeScene(t)
  await write('test', { ...over, outcome: 'failed', exit: 1 })
  answer(whole('no'))
  const { exit, out } = await exec('runs log r1 -f --json')
  assert.equal(exit, 1)
  const [line, end] = out.split('\n').map((one) => JSON.parse(one))
  assert.deepEqual(line, { type: 'line', ms: 0, text: 'no' })
  assert.equal(end.job.outcome, 'failed')
})

test('what still runs is shown up to here', async (t) => {
  const { exec, write, answer } = await makeScene(t)
  await write('test', { status: 'running', startedAt: now })
  answer(whole('hello'))
  const { exit, out } = await exec('runs log r1')
  assert.equal(exit, 0)
  assert.match(out, /│ hello\n● test running$/)
})

test('a run is cancelled and repeated in the name of who asks', async (t) => {
  const { exec, asked } = await makeScene(t)
  assert.match((await exec('runs cancel r1')).out, /r1 is being cancelled/)
  assert.match((await exec('runs again r1')).out, /^r2 runs aaaaaaa of shop again: tandem runs show r2$/)
  assert.equal(JSON.parse((await exec('runs again r1 --json')).out).run.id, 'r2')
  assert.deepEqual(asked.slice(0, 2), [
    { cancel: 'r1', who: 'ada' },
    { again: 'r1', who: 'ada' },
  ])
})

test('what cannot be meant is wrong usage', async () => {
  for (const line of ['runs shwo r1', 'runs show', 'runs cancel r1 test', 'runs log'])
    assert.equal(await main(line.split(' '), makeFakeWorld()), 2, line)
})
