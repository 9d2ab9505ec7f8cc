import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { sampleEntries, sampleOrder } from '../../change/samples.ts'
import { scratchProject } from '../../config/scratch-project.ts'
import { viewOf } from '../../api/changes/views.ts'
import { makeFakeWorld } from '../fake-world.ts'
import { liveView } from '../follow/live-view.ts'
import { main } from '../main.ts'
import type { World } from '../world.ts'
import { sudoPasswords, sudoPasswordsIfAsked } from './sudo-passwords.ts'

const screen = { isTty: true, columns: 80, rows: 24, hasColour: false }

/** A terminal that answers each question with the next of these lines. */
function terminal(...lines: readonly string[]) {
  const answers = [...lines]
  const drawn: string[] = []
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    setRawMode: (isRaw: boolean) => void (input.isRaw = isRaw),
  })
  const draw = (text: string): void => {
    drawn.push(text)
    if (text.endsWith(': ')) setImmediate(() => input.write(answers.shift() ?? ''))
  }
  const world = makeFakeWorld({ input, draw, screen: () => screen })
  return { world, drawn, questions: () => drawn.filter((text) => text.endsWith(': ')) }
}

test('each host is asked for once, one after the other, and nothing that is typed is shown', async () => {
  const { world, drawn, questions } = terminal('first\r', 'second\r')
  const passwordOf = sudoPasswords(world)
  const hosts = ['h1', 'h2', 'h1', 'h2']
  assert.deepEqual(await Promise.all(hosts.map((name) => passwordOf({ name }))), [
    'first',
    'second',
    'first',
    'second',
  ])
  assert.deepEqual(questions(), [
    'password of sudo on h1: ',
    'password of sudo on h2 (return: the same here and on all others): ',
  ])
  assert.doesNotMatch(drawn.join(''), /first|second/)
})

test('return alone takes the one before for all that follow', async () => {
  const { world, questions } = terminal('one\r', '\r')
  const passwordOf = sudoPasswords(world)
  const words = await Promise.all(['h1', 'h2', 'h3', 'h4'].map((name) => passwordOf({ name })))
  assert.deepEqual(words, ['one', 'one', 'one', 'one'])
  assert.equal(questions().length, 2)
})

test('who interrupts the question is not asked for the other hosts', async () => {
  const { world, questions } = terminal('\u0003')
  const passwordOf = sudoPasswords(world)
  const outcomes = await Promise.allSettled(['h1', 'h2', 'h3'].map((name) => passwordOf({ name })))
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  )
  assert.equal(questions().length, 1)
})

test('nobody is asked where input or output is no terminal, or the environment has the password', () => {
  const asks = (world: World) => sudoPasswordsIfAsked(world) !== null
  const { world } = terminal()
  assert.equal(asks(world), true)
  assert.equal(asks(makeFakeWorld({ screen: () => screen })), false)
  assert.equal(asks({ ...world, screen: () => ({ ...screen, isTty: false }) }), false)
  assert.equal(asks({ ...world, env: { TANDEM_SUDO_PASSWORD: 'known' } }), false)
})

test('a change that is drawn meanwhile does not draw over the question', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { world, drawn } = terminal()
  const view = liveView(world)
  t.after(() => view.close())
  const entries = sampleEntries([{ type: 'ordered', order: sampleOrder }])
  const [first] = entries
  if (first === undefined) return assert.fail('one thing happened')
  view.entry(first, viewOf(entries, null))
  t.mock.timers.tick(100)
  const asking = sudoPasswords(world)({ name: 'h1' })
  await turn()
  const before = drawn.length
  t.mock.timers.tick(1_000)
  assert.equal(drawn.length, before)
  world.input.push('word\r')
  assert.equal(await asking, 'word')
  t.mock.timers.tick(100)
  assert.match(drawn.at(-1) ?? '', /^\r/, 'the first frame after it stands below the question')
})

const config = `import { tandem } from 'tandem'
const host = (address) => ({ address: 'ada@' + address, sudo: 'password', hostKey: 'ssh-ed25519 ${'A'.repeat(68)}' })
export default tandem({
  people: { ada: { name: 'Ada', may: 'everything' } },
  hosts: { h1: host('192.0.2.1'), h2: host('192.0.2.2'), root: { address: 'root@192.0.2.3', hostKey: host('').hostKey } },
  apps: { shop: { run: { web: 'sleep 600' }, environments: { production: { on: ['h1'] } } } },
})
`

test('a command without a hub asks before it reaches any host, and one that reaches none does not', async () => {
  await using project = await scratchProject({ 'tandem.ts': config })
  const place = { cwd: project.dir, home: project.dir, now: Date.now, user: 'ada' }
  const looking = terminal()
  assert.equal(await main(['status'], { ...looking.world, ...place }), 0, looking.world.errs.join('\n'))
  assert.deepEqual(looking.questions(), [])
  const planning = terminal('word\r', '\r')
  await main(['plan', 'deploy', 'nothing'], { ...planning.world, ...place })
  assert.equal(planning.questions().length, 2)
  assert.match(planning.world.errs.join('\n'), /there is no app called 'nothing'/)
})
