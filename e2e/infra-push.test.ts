import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { mustRun } from '../lab/run.ts'
import type { Routes } from '../src/api/wire/wire.ts'
import type { CodeRoutes, CommitDetail, CommitPlan } from '../src/api/wire/code.ts'
import { until } from './lab/until.ts'
import { type Checkout, checkoutIn, gitEnv, type ServedHub, serveHub, twoPeople } from './repos/served-hub.ts'

// One story, told in order: each test goes on where the one before has left off.
describe('a push to the repository of the infrastructure', { timeout: 600_000 }, () => {
  let hub: ServedHub
  let ada: Checkout

  const place = (name: string) => join(hub.dir, 'place', name)
  let when = 'by hand'
  const written = (text: string, more = '') => `import { exec, file, tandem } from 'tandem'
export default tandem({ ${twoPeople},
    hosts: { here: { via: 'local' } },
    repos: { infra: {} },
    infra: { repo: 'infra', drift: 'never', apply: '${when}' },
    roles: { all: () => [file('${place('made')}', { content: '${text}' }), ${more}] } })
`

  before(async () => {
    hub = await serveHub(`${twoPeople},
      hosts: { here: { via: 'local' } }, repos: { infra: {} }, infra: { repo: 'infra', drift: 'never' }`)
    await mkdir(join(hub.dir, 'place'))
    ada = await checkoutIn(join(hub.dir, 'ada'), hub.clone('infra'))
    // The folder of the hub is a clone of what is pushed.
    const home = (...words: string[]) => mustRun(['git', '-C', hub.dir, ...words], { env: gitEnv })
    await home('init', '--quiet', '--initial-branch=main')
    await home('add', 'tandem.ts')
    await home('commit', '--quiet', '--message', 'Begin')
    await ada.must('pull', '--quiet', hub.dir, 'main')
  })
  after(async () => {
    await hub.close()
    assert.deepEqual(hub.broken, [])
  })

  const ask = async <T>(path: string, wish?: unknown): Promise<T> => {
    const answer = await fetch(`${hub.url}/api${path}`, {
      method: wish === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${hub.secret('ada')}`, 'content-type': 'application/json' },
      ...(wish === undefined ? {} : { body: JSON.stringify(wish) }),
    })
    assert.equal(answer.status, 200, await answer.clone().text())
    return (await answer.json()) as T
  }
  const detail = (commit: string) => ask<CommitDetail>(`/repos/infra/commits/${commit}`)
  const pushed = async (files: Readonly<Record<string, string>>, branch = 'main'): Promise<string> => {
    const commit = await ada.commit('Say more', files)
    await ada.must('push', '--quiet', '-o', 'detach', 'tandem', `HEAD:${branch}`)
    return commit
  }
  const planOf = async (commit: string): Promise<CommitPlan> => {
    await until(`${commit} has its plan`, async () => {
      const state = (await detail(commit)).plan?.state
      return state === 'planned' || state === 'broken'
    })
    const { plan } = await detail(commit)
    assert.ok(plan !== null)
    return plan
  }
  const made = () => readFile(place('made'), 'utf8').catch(() => null)

  const folder = () => readFile(join(hub.dir, 'tandem.ts'), 'utf8')
  const applies = async () =>
    (await ask<Routes['GET /api/changes']>('/changes')).changes.filter(({ kind }) => kind === 'apply')

  test('has its plan on the commit, and nothing is done', async () => {
    const commit = await pushed({ 'tandem.ts': written('one') })
    const plan = await planOf(commit)
    assert.deepEqual(
      [plan.state, plan.text, plan.next, plan.ref, plan.who],
      [
        'planned',
        'here: 1 to make',
        `tandem apply --commit ${commit.slice(0, 12)}`,
        'refs/heads/main',
        'ada',
      ],
    )
    assert.ok(plan.lines.some(({ text }) => text.includes(place('made'))))
    assert.equal(await made(), null)
    const [aside] = (await hub.asides('infra')).filter(({ type }) => type === 'plan-made')
    assert.ok(aside?.type === 'plan-made' && aside.commit === commit && aside.outcome === 'planned')
  })

  test('that cannot be understood is red in its own words, and the next one is planned', async () => {
    const broken = await pushed({ 'tandem.ts': written('two').replace('via', 'vai') })
    const plan = await planOf(broken)
    assert.deepEqual([plan.state, plan.next, plan.trouble?.where], ['broken', null, 'tandem.ts:3:14'])
    assert.match(plan.text, /^tandem\.ts:3:14: hosts\.here has no 'address'/)
    const thrown = await planOf(
      await pushed({ 'tandem.ts': written('two', '(() => { throw new Error("no idea") })()') }),
    )
    assert.match(thrown.text, /^tandem\.ts:6:.*no idea/)
  })

  test('of a branch runs none of its commands on hosts', async () => {
    const check = `exec('mark', { command: 'true', check: ['touch', '${place('checked')}'] })`
    const plan = await planOf(await pushed({ 'tandem.ts': written('three', check) }, 'idea'))
    assert.equal(plan.text, 'here: 1 to make, 1 to alter')
    await assert.rejects(readFile(place('checked')), { code: 'ENOENT' })
  })

  test('is applied as it was pushed, whatever came since', async () => {
    const commit = await pushed({ 'tandem.ts': written('four') })
    await planOf(commit)
    await planOf(await pushed({ 'tandem.ts': written('five') }))
    const wish = { do: 'recipes', commit: commit.slice(0, 12) }
    const { id } = await ask<{ id: string }>('/changes', { kind: 'apply', wish, why: 'as it was shown' })
    await until('it is applied', async () => (await applies())[0]?.status === 'done')
    assert.deepEqual([(await detail(commit)).changes, await made()], [[id], 'four'])
  })

  test('is planned again for who asks, also when the hub was begun anew', async () => {
    const commit = (await ada.must('rev-parse', 'HEAD')).trim()
    await hub.restart()
    assert.equal((await planOf(commit)).text, 'here: 1 to make')
    const path = `/repos/infra/commits/${commit}/plan`
    const { plan } = await ask<{ plan: CommitPlan }>(path, {})
    assert.deepEqual([plan.state, plan.who], ['waiting', 'ada'])
    assert.equal((await planOf(commit)).text, 'here: 1 to alter')
  })

  test('takes the folder of the hub along, which says so', async () => {
    await until('it follows', async () => (await folder()).includes("content: 'five'"))
    const { repo } = await ask<CodeRoutes['GET /api/repos/:repo']>('/repos/infra')
    assert.deepEqual(repo.folder, { dir: hub.dir, commit: repo.head?.hash, why: null })
  })

  test('is applied by itself where that is said, and who pushes is told how it goes', async () => {
    when = 'on green'
    const commit = await ada.commit('Six for all', { 'tandem.ts': written('six') })
    const { code, stderr } = await ada.git('push', 'tandem', 'main')
    assert.equal(code, 0, stderr)
    assert.equal(await made(), 'six')
    const said = stderr.replaceAll(/^remote: (.*?)\s*$/gm, '$1')
    assert.match(said, /infra has no jobs\nplan: here: 1 to alter\n/)
    assert.match(said, /\n {2}now {3}it is applied by itself when its run is green\n/)
    assert.match(said, /\nc\d+: apply to infra\n/)
    // The green commit of before may go first: nothing kept it back but that nobody had said so.
    const [change, ...others] = (await applies()).filter(({ why }) => why === 'Six for all')
    assert.deepEqual([change?.who, change?.door, change?.status, others], ['ada', 'git', 'done', []])
    assert.deepEqual((await detail(commit)).changes, [change?.id])
  })

  test('and stays out when its plan is red, when it does nothing, and when it is held', async () => {
    const before = (await applies()).length
    const words = async (): Promise<string> =>
      (await ada.git('push', 'tandem', 'main')).stderr.replaceAll(/^remote: (.*?)\s*$/gm, '$1')
    await ada.commit('No idea', { 'tandem.ts': written('seven').replace('via', 'vai') })
    assert.match(await words(), /there is no plan of it:\n.*hosts\.here has no 'address'/)
    assert.match(await folder(), /content: 'six'/)
    await ada.commit('Say nothing new', { 'tandem.ts': written('six'), note: 'hello' })
    assert.match(await words(), /plan: here: nothing to do\n.*infra: here: nothing to do/s)
    await ask('/holds', { target: 'infra', why: 'the audit', until: null })
    await ada.commit('Eight', { 'tandem.ts': written('eight') })
    assert.match(await words(), /infra is held by ada: the audit/)
    assert.equal((await applies()).length, before)
    assert.equal(await made(), 'six')
    const headers = { authorization: `Bearer ${hub.secret('ada')}` }
    await fetch(`${hub.url}/api/holds/infra?why=over`, { method: 'DELETE', headers })
    await until('it is applied', async () => (await made()) === 'eight')
  })

  test('a revert holds what comes next', async () => {
    const [last] = await applies()
    await until('it is done', async () => (await applies())[0]?.status === 'done')
    await ask('/reverts', { change: last?.id ?? null, target: null, why: 'it was too loud' })
    await until('it is back', async () => (await made()) === 'six')
    await ada.commit('Nine', { 'tandem.ts': written('nine') })
    const { stderr } = await ada.git('push', 'tandem', 'main')
    assert.match(stderr, /infra is held by ada: c\d+ took c\d+ back: it was too loud/)
    assert.equal(await made(), 'six')
  })
})
