import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { makeFakeWorld } from '../fake-world.ts'
import { main } from '../main.ts'

const config = `import { tandem } from 'tandem'
export default tandem({
  people: { ada: { name: 'Ada', may: 'everything' } },
  hosts: { local: { via: 'local' } },
  apps: { shop: { run: { web: 'sleep 600' }, environments: { production: { on: ['local'] }, staging: { on: ['local'] } } } },
})
`

async function makeProject(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-flag-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  await writeFile(join(dir, 'tandem.ts'), config)
  const run = async (...argv: readonly string[]) => {
    const world = makeFakeWorld({ cwd: dir, home: dir, user: 'ada', now: Date.now })
    const exit = await main(argv, world)
    return { exit, out: world.outs.join('\n'), err: world.errs.join('\n') }
  }
  const flag = async (line: string) => run('flag', ...line.split(' '))
  const shown = async (line: string) => JSON.parse((await flag(`${line} --json`)).out)
  return { dir, run, flag, shown }
}

test('a flag is made, opened to some, killed, and given back', async (t) => {
  const { run, flag, shown } = await makeProject(t)
  assert.match((await flag('list')).out, /no flags in production yet/)
  const made = await flag('new checkout --owner ada --expires 2027-01-31')
  assert.equal(made.exit, 0, made.err)
  assert.match(made.out, /^new flag checkout in production$/m)
  assert.match(made.out, /^ {2}\+ owner: ada$/m)
  assert.equal((await flag('segment team --include u1')).exit, 0)
  const opened = await flag('set checkout --for team --serve on')
  assert.match(opened.out, /^ {2}\+ rule r[0-9a-f]{8}: on for those in segment team$/m)
  assert.match((await flag('explain checkout --user u1')).out, /^checkout: on \(true\), TARGETING_MATCH$/m)
  assert.match((await flag('explain checkout --user u2')).out, /^checkout: off \(false\), DEFAULT$/m)
  assert.equal((await flag('kill checkout')).exit, 0)
  const killed = await shown('show checkout')
  assert.equal(killed.flag.flag.on, false)
  assert.equal((await run('revert', killed.history[0])).exit, 0)
  const { flag: now, history } = await shown('show checkout')
  assert.equal(now.flag.on, true)
  assert.equal(now.flag.about.owner, 'ada')
  assert.equal(history.length, 4, history.join())
  assert.match(
    (await flag('list')).out,
    /checkout +boolean +on +on for those in segment team; off for everybody else/,
  )
})

test('every command of the guide works, in its order', async (t) => {
  const { run } = await makeProject(t)
  const guide = await readFile(join(import.meta.dirname, '../../../docs/guide/flags.md'), 'utf8')
  const commands = [...guide.matchAll(/^tandem (flag .+)$/gm)].map(([, words = '']) => words)
  assert.ok(commands.length >= 14)
  for (const command of commands) {
    const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '')
    const { exit, err } = await run(...words)
    assert.equal(exit, 0, `${command}: ${err}`)
  }
})

test('a rollout without a hub is driven to its end by the command', async (t) => {
  const { flag, shown } = await makeProject(t)
  await flag('new checkout')
  const rolled = await flag('roll checkout --stages 10%,100% --hold 20ms --for country=DE,AT')
  assert.equal(rolled.exit, 0, rolled.err)
  const [rule] = (await shown('show checkout')).flag.flag.rules
  assert.deepEqual(rule.when, { attribute: 'country', op: 'in', value: ['DE', 'AT'] })
  assert.deepEqual([rule.share.weight, rule.share.of, rule.share.hash], [100, 100, 'tandem-1'])
  const again = await flag('roll checkout --stages 100% --for country=DE,AT')
  assert.match(again.out, /has come that far already/)
})

test('a knob is a number with bounds, in a file or by options', async (t) => {
  const { dir, flag, shown } = await makeProject(t)
  const knob = {
    type: 'number',
    on: true,
    variants: { usual: 30 },
    default: 'usual',
    off: 'usual',
    knob: { min: 0, max: 100, step: 5 },
  }
  await writeFile(join(dir, 'knob.json'), JSON.stringify(knob))
  assert.equal((await flag('new cache-seconds --file knob.json')).exit, 0)
  const turned = await flag('set cache-seconds --value usual=45')
  assert.match(turned.out, /~ variant usual: 30 -> 45/)
  const { exit, err } = await flag('set cache-seconds --value usual=47')
  assert.equal(exit, 2)
  assert.match(err, /47 lies between two steps/)
  assert.equal((await shown('show cache-seconds')).flag.flag.variants.usual, 45)
})

test('a knob that is bound to a metric says so, and that whoever turned it by hand is heeded', async (t) => {
  const { dir, flag, shown } = await makeProject(t)
  const bound = { query: 'max(p99_ms)', above: 800, to: 'min', every: '30s' }
  const given = { type: 'number', on: true, variants: { usual: 60 }, default: 'usual', off: null }
  await writeFile(join(dir, 'knob.json'), JSON.stringify({ ...given, knob: { min: 0, max: 100, bound } }))
  assert.equal((await flag('new recommendations --file knob.json')).exit, 0)
  const says =
    /^turned by itself: 10 towards 0 each 30 s while max\(p99_ms\) is above 800; 10 back each 2 min 30 s while it is not$/m
  const { out } = await flag('show recommendations')
  assert.match(out, says)
  assert.doesNotMatch(out, /paused/)
  await flag('set recommendations --value usual=50')
  const paused = /^paused until \d\d:\d\d:\d\d: \S+ turned it with c2$/m
  assert.match((await flag('show recommendations')).out, paused)
  const { rest, byHand } = (await shown('show recommendations')).flag.bound
  assert.deepEqual([rest, byHand.change], [50, 'c2'])
})

test('a knob is bound, bound to another measure, and unbound, by options', async (t) => {
  const { run, flag, shown } = await makeProject(t)
  const knob = async () => (await shown('show shelf')).flag.flag.knob
  const set = (...words: readonly string[]) => run('flag', 'set', 'shelf', ...words)
  assert.equal((await flag('new shelf --type number --value usual=60 --knob 0..100')).exit, 0)
  const bind = ['--bind', 'max(rate(x[1m]) > 0) > 0.8', '--to', 'min', '--every', '30s']
  const { exit, err } = await set(...bind)
  assert.equal(exit, 0, err)
  const bound = { query: 'max(rate(x[1m]) > 0)', above: 0.8, to: 'min', every: '30s' }
  assert.deepEqual(await knob(), { min: 0, max: 100, bound })
  assert.equal((await set('--bind', 'free<5', '--back', '5m')).exit, 0)
  const other = { query: 'free', below: 5, to: 'min', every: '30s', back: '5m' }
  assert.deepEqual(await knob(), { min: 0, max: 100, bound: other })
  assert.equal((await flag('set shelf --knob 0..90 --value usual=50')).exit, 0)
  assert.deepEqual(await knob(), { min: 0, max: 90, bound: other })
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['--knob', 'many'], /--knob many is no range/],
    [['--bind', 'free'], /--bind free has no threshold/],
    [['--to', 'up'], /'up' is not known here/],
    [['--every', '30'], /write a period, such as 30s/],
  ]
  for (const [words, says] of wrong) assert.match((await set(...words)).err, says)
  assert.equal((await flag('set shelf --unbind')).exit, 0)
  assert.deepEqual(await knob(), { min: 0, max: 90 })
  assert.match((await flag('set shelf --to max')).err, /--to of what\?/)
  assert.match((await set('--bind', 'free < 5')).err, /which way is it turned, and how often\?/)
  await flag('new dark')
  assert.match((await run('flag', 'set', 'dark', ...bind)).err, /there is no knob that could be turned/)
})

test('what rollouts watch is said by options, shown, and taken out again', async (t) => {
  const { run, flag, shown } = await makeProject(t)
  const watch = async () => (await shown('show checkout')).flag.flag.watch
  await flag('new checkout')
  const [errors, slow] = ['sum by (a, b) (errors) < 0.5', 'max(p99_ms) <= 800']
  const { exit, out, err } = await run('flag', 'set', 'checkout', '--watch', errors, '--watch', slow)
  assert.equal(exit, 0, err)
  assert.match(out, /^ {2}\+ rollouts watch sum by \(a, b\) \(errors\) < 0\.5$/m)
  assert.deepEqual(await watch(), [
    { query: 'sum by (a, b) (errors)', op: 'below', value: 0.5 },
    { query: 'max(p99_ms)', op: 'at-most', value: 800 },
  ])
  await flag('set checkout --owner ada')
  assert.equal((await watch()).length, 2, 'another edit leaves it')
  assert.match((await flag('show checkout')).out, /rollouts watch max\(p99_ms\) <= 800/)
  const roll = (...words: readonly string[]) => run('flag', 'roll', 'checkout', ...words)
  const planned = await roll('--stages', '10%', '--hold', '1m', '--watch', 'up > 0', '--plan')
  assert.match(planned.out, /watched: max\(p99_ms\) <= 800\n.*watched: up > 0$/m)
  const wrong = await roll('--stages', '10%', '--hold', '1m', '--watch', 'up')
  assert.equal(wrong.exit, 2)
  assert.match(wrong.err, /--watch up says nothing of a number/)
  const unread = await roll('--stages', '10%', '--hold', '1m', '--watch', 'max(up > 0')
  assert.match(unread.err, /watch\[0\]\.query: 1:7: parse error: unclosed left parenthesis/)
  assert.equal((await flag('set checkout --unwatch')).exit, 0)
  assert.equal(await watch(), undefined)
  const watched = await roll('--stages', '100%', '--hold', '1s', '--watch', 'vector(1) < 2')
  assert.equal(watched.exit, 0, watched.err)
  assert.match(watched.out, /vector\(1\) < 2 holds: 1 at last, 1 at worst/)
})

test('what would be done is shown and not done with --plan', async (t) => {
  const { flag, shown } = await makeProject(t)
  await flag('new checkout')
  const { out } = await flag('set checkout on --plan')
  assert.match(out, /^checkout in production: default: off -> on$/m)
  assert.equal((await shown('show checkout')).flag.flag.default, 'off')
  const archived = await flag('archive checkout')
  assert.match(archived.out, /! programs that still ask for checkout get their own default/)
  assert.equal((await flag('show checkout')).exit, 1)
})

test('environments are apart', async (t) => {
  const { flag, shown } = await makeProject(t)
  await flag('new checkout --in staging --default on')
  assert.equal((await flag('show checkout')).exit, 1)
  assert.equal((await shown('show checkout --in staging')).flag.flag.default, 'on')
  const { err } = await flag('new checkout --in stagging')
  assert.match(err, /there is no environment 'stagging'/)
  assert.match(err, /did you mean 'staging'\?/)
})

test('keys are made, listed without their secret, and revoked', async (t) => {
  const { flag, shown } = await makeProject(t)
  const { out, err } = await flag('key new --kind browser --label page')
  assert.match(out, /^tdmb_[\w-]{43}$/)
  assert.match(err, /is given answers of production/)
  const { keys } = await shown('key list')
  assert.equal(keys.length, 1)
  assert.ok(!JSON.stringify(keys).includes(out))
  assert.equal((await flag(`key revoke ${keys[0].id}`)).exit, 0)
  assert.match((await flag('key list')).out, /no keys yet/)
})

test('what makes no sense is wrong usage, and says what to write', async (t) => {
  const { flag } = await makeProject(t)
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['paint checkout', /flag what\?/],
    ['new', /new which flag\?/],
    ['new checkout --type string', /needs values/],
    ['new checkout --type colour --value a=1', /'colour' is not known here/],
    ['new checkout --default maybe', /there is no variant 'maybe'/],
    ['set other --for team', /a rule must give something/],
    ['roll checkout --stages 1%,10%', /how long shall each stage be looked at\?/],
    ['roll checkout --stages 0%', /is no share of people/],
    ['explain checkout --attribute country', /has no '='/],
    ['set other on --at 2h', /no hub runs here/],
    ['unschedule', /unschedule what\?/],
    ['key new --kind robot', /--kind robot is none/],
  ]
  await flag('new other')
  for (const [line, says] of wrong) {
    const { exit, err } = await flag(line)
    assert.equal(exit, 2, line)
    assert.match(err, says, line)
  }
})
