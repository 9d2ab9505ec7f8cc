import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Lab, openLab } from '../lab/lab.ts'
import { labNeeds } from '../lab/needs.ts'
import { mustRun } from '../lab/run.ts'
import type { CommitPlan } from '../src/api/wire/code.ts'
import { begun } from './lab/begun.ts'
import { commandEnvironment, HubProcess } from './lab/hub-process.ts'
import { sayOf } from './lab/host-look.ts'
import { person } from './lab/project.ts'
import { must, startIn, teamOn } from './lab/story.ts'
import { endProcessesOf } from './lab/stray-processes.ts'
import { until } from './lab/until.ts'
import { startPush } from './repos/pushing.ts'
import { type Checkout, checkoutIn, gitEnv, noSandbox } from './repos/served-hub.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : noSandbox

const page = '/etc/greeting'

// One story, told in order: each test goes on where the one before has left off.
describe('what is pushed to the infrastructure comes to its hosts', { skip, timeout: 600_000 }, () => {
  let lab: Lab
  let hub: HubProcess
  let ada: Checkout
  let folder: string
  let when = 'by hand'

  const team = (text: string, more = ''): string => {
    const { hosts } = teamOn(lab, {})
    const people = { [person]: { name: 'Ada', may: 'everything' } }
    const wish = JSON.stringify({ people, hosts, repos: { infra: {} } }, null, 2)
    return `import { exec, file, tandem } from 'tandem'

const web = () => [file('${page}', { content: '${text}\\n', mode: '0640' }), ${more}]

export default tandem({ ...${wish}, infra: { repo: 'infra', drift: 'never', apply: '${when}' }, roles: { web } })
`
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-infra-push-'))
    lab = await openLab({ hosts: 2 })
    const home = (...words: string[]) => mustRun(['git', '-C', folder, ...words], { env: gitEnv })
    await writeFile(join(folder, 'tandem.ts'), team('nothing yet'))
    await home('init', '--quiet', '--initial-branch=main')
    await home('add', 'tandem.ts')
    await home('commit', '--quiet', '--message', 'Begin')
    hub = new HubProcess({ folder, stateDir: join(folder, '.tandem') })
    await hub.start()
    ada = await checkoutIn(
      join(folder, 'checkout'),
      `${hub.url.replace('//', `//x:${hub.token}@`)}/git/infra.git`,
    )
    await ada.must('pull', '--quiet', folder, 'main')
  })
  after(async () => {
    await hub?.stop()
    endProcessesOf(folder)
    await lab?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const run = (...words: string[]) =>
    begun(words.join(' '), startIn(folder, words, commandEnvironment({ folder }))).ended
  const greetings = () =>
    Promise.all(lab.hosts.map(async (host) => (await host.exec(['cat', page])).stdout.trim()))
  const pushed = async (subject: string, files: Readonly<Record<string, string>>) => {
    const commit = await ada.commit(subject, files)
    const { code, told } = await startPush(ada.dir, gitEnv).end
    assert.equal(code, 0, told)
    return { commit, told }
  }
  const commitOf = (commit: string) =>
    hub.client().call('GET /api/repos/:repo/commits/:commit', { params: { repo: 'infra', commit } })
  const planOf = async (commit: string): Promise<CommitPlan> => {
    const { plan } = await commitOf(commit)
    assert.ok(plan !== null)
    return plan
  }

  test('who pushes reads the plan, the commit has it, and the hosts are as before', async () => {
    const { commit, told } = await pushed('Greet people', { 'tandem.ts': team('hello') })
    const short = commit.slice(0, 12)
    assert.match(
      told,
      /\nplan: h1, h2: 2 to make\n {4}h1, h2:\n {2}\+ {3}file \/etc\/greeting \(tandem\.ts:3:20\)\n/,
    )
    assert.match(told, new RegExp(`\\n  now   \`tandem apply --commit ${short}\` does it$`))
    const { state, text, next } = await planOf(commit)
    assert.deepEqual([state, text, next], ['planned', 'h1, h2: 2 to make', `tandem apply --commit ${short}`])
    const { out } = must(await run('repo', 'commit', 'infra'))
    assert.match(out, /\nplan planned, .*: h1, h2: 2 to make\n/)
    assert.match(
      must(await run('plan', '--commit', 'main')).out,
      new RegExp(`^apply ${commit.slice(0, 7)} to h1, h2`),
    )
    assert.deepEqual(await greetings(), ['', ''])
  })

  test('one command applies it, on one host first, and a second one has nothing to do', async () => {
    const { out } = must(await run('apply', '--commit', 'main', '--why', 'as it was shown'))
    assert.match(out, /c1 done: .*undo: tandem revert c1/)
    assert.deepEqual(await greetings(), ['hello', 'hello'])
    for (const host of lab.hosts) assert.equal(await sayOf(host, 'stat', '-c', '%a', page), '640')
    assert.match(
      must(await run('apply', '--commit', 'main')).out,
      /plan: apply \w{7} to h1, h2: nothing to do/,
    )
    // The folder of the hub has followed: what it says is what the hosts have.
    assert.doesNotMatch(must(await run('drift')).out, /differs/)
    const commit = await ada.must('rev-parse', 'HEAD')
    assert.deepEqual((await commitOf(commit)).changes, ['c2', 'c1'])
  })

  test('a broken recipe is red with its own words, and nothing is applied', async () => {
    const { commit, told } = await pushed('No idea', { 'tandem.ts': team('two', "file('motd')") })
    assert.match(
      told,
      /\nthere is no plan of it:\n✗ file\.name is 'motd' .+\n {2}where h1 · tandem\.ts:3:\d+\n/,
    )
    assert.equal((await planOf(commit)).state, 'broken')
    const refused = await run('apply', '--commit', commit, '--json')
    assert.equal(refused.code, 1)
    assert.deepEqual(await greetings(), ['hello', 'hello'])
  })

  test('what is green is applied by itself where that is said, and who pushed reads how it goes', async () => {
    when = 'on green'
    const { commit, told } = await pushed('Greet all', { 'tandem.ts': team('hello all') })
    assert.match(told, /\n {2}now {3}it is applied by itself when its run is green\n/)
    assert.match(told, /\nc\d+ canary done: h1 \(.+\)\nc\d+ rest done: h2 \(.+\)\n/)
    assert.match(told, /\nc\d+ done: .+\. undo: tandem revert c\d+$/)
    assert.deepEqual(await greetings(), ['hello all', 'hello all'])
    const { changes } = await commitOf(commit)
    const { change } = await hub.client().call('GET /api/changes/:id', { params: { id: changes[0] ?? '' } })
    assert.deepEqual(
      [change.who, change.door, change.why, change.status],
      [person, 'git', 'Greet all', 'done'],
    )
  })

  test('what its jobs refuse stays out, whatever its plan', async () => {
    await mkdir(join(ada.dir, 'ci'))
    await writeFile(join(ada.dir, 'ci/test'), '#!/bin/sh\n# tandem: retry never\n! grep -q rude tandem.ts\n')
    await chmod(join(ada.dir, 'ci/test'), 0o755)
    const { commit, told } = await pushed('Be rude', { 'tandem.ts': team('rude') })
    assert.match(told, /test failed \(.+\): exit 1\n/)
    assert.match(told, /\nplan: h1, h2: 2 to alter\n/)
    assert.match(told, /\ninfra stays as it is$/)
    assert.deepEqual((await commitOf(commit)).changes, [])
    assert.deepEqual(await greetings(), ['hello all', 'hello all'])
  })

  test('a host that is away is named, and brought along when it is back', async () => {
    const [first, second] = lab.hosts
    assert.ok(first !== undefined && second !== undefined)
    second.cut()
    const { told } = await pushed('Greet who is there', { 'tandem.ts': team('hello again') })
    assert.match(told, /\nplan: h1: 1 to alter; h2 could not be looked at\n/)
    await until('it is on h1', async () => (await greetings())[0] === 'hello again', 120_000)
    second.mend()
    await until('it is on h2', async () => (await greetings())[1] === 'hello again', 120_000)
  })

  test('a hub that is killed while it plans makes the plan when it is back', async () => {
    const commit = await ada.commit('Greet friends', { 'tandem.ts': team('hello friends') })
    const waiting = startPush(ada.dir, gitEnv)
    await until('it came', async () => (await commitOf(commit).catch(() => null)) !== null)
    await hub.kill()
    await waiting.end
    await hub.start()
    await until(
      'it is applied',
      async () => (await greetings()).every((one) => one === 'hello friends'),
      120_000,
    )
    assert.equal((await planOf(commit)).state, 'planned')
    const last = async () => (await hub.client().call('GET /api/changes', { query: {} })).changes[0]
    await until('it is done', async () => (await last())?.status === 'done')
  })

  test('a revert takes it back everywhere, and holds what comes next', async () => {
    const { out } = must(await run('revert', '--why', 'too many friends'))
    assert.match(out, /done/)
    assert.deepEqual(await greetings(), ['hello again', 'hello again'])
    const { told } = await pushed('Greet more friends', { 'tandem.ts': team('hello, more friends') })
    assert.match(told, /\ninfra is held by ada: c\d+ took c\d+ back: too many friends\n/)
    assert.deepEqual(await greetings(), ['hello again', 'hello again'])
  })
})
