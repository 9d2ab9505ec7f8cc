import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import { loadConfig } from '../../config/reading/load.ts'
import { scratchProject } from '../../config/scratch-project.ts'
import { openStore } from '../../store/open.ts'
import type { News } from '../vcs/forge-news.ts'
import type { PlanOutcome } from './commit-plan.ts'
import { CommitPlans } from './commit-plans.ts'
import { within } from './within.ts'

const [a, b, c] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)]
const [main, idea] = ['refs/heads/main', 'refs/heads/idea']

const outcome = (text: string): PlanOutcome => ({
  text,
  isEmpty: false,
  lines: [],
  cut: 0,
  warnings: [],
  away: [],
  trouble: null,
})

type Asked = Readonly<{
  commit: string
  signal: AbortSignal
  answer: (said: PlanOutcome) => void
  refuse: (thrown: unknown) => void
}> & { isTaken: boolean }

/** Plans whose makers wait until the test lets them end. */
async function desk(t: TestContext, apply: 'by hand' | 'on green' = 'by hand') {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-plans-'))
  await using project = await scratchProject({
    'tandem.ts': `export default { hosts: {}, repos: { infra: {} }, infra: { repo: 'infra', apply: '${apply}' } }`,
  })
  const { config } = await loadConfig(project.dir)
  const store = await openStore(dir)
  const clock = { now: Date.UTC(2027, 1, 1) }
  const [news, asked, broken]: [News[], Asked[], unknown[]] = [[], [], []]
  const strangers = new Set<string>()
  const open = () => {
    const plans = new CommitPlans({
      store,
      config: async () => config,
      plan: (commit, signal) => {
        const { promise, resolve: answer, reject: refuse } = Promise.withResolvers<PlanOutcome>()
        asked.push({ commit, signal, answer, refuse, isTaken: false })
        return promise
      },
      isOfTeam: (_, ref) => !strangers.has(ref),
      now: () => clock.now,
      broke: (thrown) => broken.push(thrown),
    })
    plans.subscribe((one) => news.push(one))
    return plans
  }
  const plans = open()
  t.after(async () => {
    await plans.close()
    await store.close()
    await rm(dir, { recursive: true })
    assert.deepEqual(broken, [])
  })
  const push = (to: string, ref = main) => plans.moved({ repo: 'infra', ref, to, who: 'ada' })
  /** The one that is being made, when it is. */
  const making = async (commit: string): Promise<Asked> => {
    for (let tries = 0; tries < 500; tries++) {
      const last = asked.at(-1)
      if (last?.commit === commit && !last.signal.aborted && !last.isTaken) {
        last.isTaken = true
        return last
      }
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    throw new Error(`nobody plans ${commit}`)
  }
  const settled = async (commit: string, state: string): Promise<string> => {
    for (let tries = 0; tries < 500; tries++) {
      const plan = await plans.of('infra', commit)
      if (plan?.state === state) return plan.text
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    throw new Error(`${commit} is ${(await plans.of('infra', commit))?.state}`)
  }
  return { plans, open, store, clock, news, asked, strangers, push, making, settled }
}

test('a push gets its plan, kept, in the ledger and for the forge, with the command that applies it', async (t) => {
  const { plans, push, making, settled, news, store } = await desk(t)
  await push(a)
  const { answer } = await making(a)
  assert.equal((await plans.of('infra', a))?.state, 'looking')
  answer(outcome('web1: 1 to make'))
  assert.equal(await settled(a, 'planned'), 'web1: 1 to make')
  assert.equal((await plans.of('infra', a))?.next, `tandem apply --commit ${a.slice(0, 12)}`)
  assert.deepEqual(
    news.map(({ commit, status }) => [commit[0], status.context, status.state, status.text, status.path]),
    [
      ['a', 'tandem/plan', 'pending', 'waits to be looked at', `/repos/infra/commits/${a}`],
      ['a', 'tandem/plan', 'pending', 'looks at the hosts', `/repos/infra/commits/${a}`],
      [
        'a',
        'tandem/plan',
        'success',
        `web1: 1 to make; tandem apply --commit ${a.slice(0, 12)}`,
        `/repos/infra/commits/${a}`,
      ],
    ],
  )
  await plans.close()
  const [aside] = await store.ledger.asides({ about: 'infra', before: null, limit: 1 })
  assert.ok(aside?.type === 'plan-made')
  assert.deepEqual(
    [aside.commit, aside.ref, aside.outcome, aside.text],
    [a, main, 'planned', 'web1: 1 to make'],
  )
})

test('of what goes by itself that is said, and of a branch the command', async (t) => {
  const { plans, push, making, settled } = await desk(t, 'on green')
  await push(a)
  ;(await making(a)).answer(outcome('web1: 1 to make'))
  await settled(a, 'planned')
  await push(b, idea)
  ;(await making(b)).answer(outcome('web1: 1 to make'))
  await settled(b, 'planned')
  assert.equal((await plans.of('infra', a))?.next, 'it is applied by itself when its run is green')
  assert.equal((await plans.of('infra', b))?.next, `tandem apply --commit ${b.slice(0, 12)}`)
})

test('a commit that cannot be planned is red, with the words of what is wrong', async (t) => {
  const { plans, push, making, settled, news } = await desk(t)
  await push(a)
  const trouble = {
    what: "hosts.web1 has no 'address'",
    where: 'tandem.ts:3:8',
    now: "add address: 'root@…'",
  }
  ;(await making(a)).refuse(new TroubleError(trouble))
  assert.equal(await settled(a, 'broken'), "tandem.ts:3:8: hosts.web1 has no 'address'")
  assert.deepEqual((await plans.of('infra', a))?.trouble, trouble)
  assert.equal(news.at(-1)?.status.state, 'failure')
})

test('a newer push to the same ref ends the plan that is being made, and takes the place of one that waits', async (t) => {
  const { push, making, settled, asked } = await desk(t)
  await push(a)
  const first = await making(a)
  await push(b)
  assert.equal(first.signal.aborted, true)
  const second = await making(b)
  await push(c, idea)
  await push(a, idea)
  assert.equal(await settled(c, 'passed by'), 'not planned: aaaaaaa is newer')
  second.answer(outcome('web1: 1 to make'))
  ;(await making(a)).answer(outcome('web1: 2 to make'))
  await settled(a, 'planned')
  assert.deepEqual(
    asked.map(({ commit }) => commit),
    [a, b, a],
  )
})

test('what comes to the trunk is planned anew, though a branch had its plan made at that moment', async (t) => {
  const { plans, push, making, settled } = await desk(t)
  await push(a, idea)
  const onBranch = await making(a)
  await push(a)
  assert.equal(onBranch.signal.aborted, true)
  onBranch.answer(outcome('by the branch'))
  ;(await making(a)).answer(outcome('by the trunk'))
  assert.equal(await settled(a, 'planned'), 'by the trunk')
  assert.equal((await plans.of('infra', a))?.ref, main)
})

test('what waited or was being made when the hub died is made by the next one', async (t) => {
  const { plans, open, push, making, asked } = await desk(t)
  await push(a)
  await making(a)
  await push(b, idea)
  await plans.close()
  assert.deepEqual(
    [(await plans.of('infra', a))?.state, (await plans.of('infra', b))?.state],
    ['looking', 'waiting'],
  )
  const next = open()
  next.tick()
  ;(await making(a)).answer(outcome('one'))
  ;(await making(b)).answer(outcome('two'))
  assert.equal(asked.length, 3)
  await next.close()
})

test('a plan that takes for ever is given up', async () => {
  const signal = new AbortController().signal
  const forEver = () => new Promise<never>(() => {})
  await assert.rejects(within(20, signal, forEver), /not done within 0\.02 s/)
})

test('the head of the trunk that could not be planned is looked at again each minute, for an hour', async (t) => {
  const { plans, push, making, settled, clock, asked, news } = await desk(t)
  const away = new TroubleError({
    what: 'none of the hosts can be reached: web1',
    now: 'look at the network',
  })
  await push(a)
  ;(await making(a)).refuse(away)
  await settled(a, 'broken')
  const told = news.length
  plans.tick()
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(asked.length, 1)
  clock.now += 61_000
  plans.tick()
  const again = await making(a)
  assert.equal(asked.length, 2)
  again.refuse(away)
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(news.length, told, 'what is still the same was told again')
  clock.now += 61_000
  plans.tick()
  ;(await making(a)).answer(outcome('web1: 1 to make'))
  await settled(a, 'planned')
})

test('requests of people outside of the team are not looked at, and other repositories have no plans', async (t) => {
  const { plans, push, strangers, settled, asked } = await desk(t)
  strangers.add('refs/pull/7/head')
  await push(a, 'refs/pull/7/head')
  assert.match(await settled(a, 'left out'), /nobody of the team/)
  await plans.moved({ repo: 'shop', ref: main, to: b, who: 'ada' })
  await push(b, 'refs/tags/v1')
  assert.equal(await plans.of('shop', b), null)
  assert.equal(await plans.of('infra', b), null)
  assert.equal(asked.length, 0)
})

test('a plan is made again for who asks for it', async (t) => {
  const { plans, push, making, settled } = await desk(t)
  await push(a)
  ;(await making(a)).answer(outcome('web1: 1 to make'))
  await settled(a, 'planned')
  const again = await plans.again('infra', a, 'grace')
  assert.deepEqual([again.state, again.who, again.ref], ['waiting', 'grace', main])
  ;(await making(a)).answer(outcome('web1: nothing to do'))
  assert.equal(await settled(a, 'planned'), 'web1: nothing to do')
})
