import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Children, type ChildWish } from '../child.ts'
import { longest } from './longest.ts'
import { runTests } from './node-tests.ts'
import { verdict } from './outcome.ts'

const testProgram = join(import.meta.dirname, '..', 'test.ts')
const limitMs = 30_000

/** What tests inside a test print is not to be taken for what this run came to. */
class Quiet extends Children {
  override run(wish: ChildWish) {
    return super.run({ ...wish, output: 'keep' })
  }
}

/** A tree with these test files, gone when the test ends. */
function treeWith(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'tandem-tree-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'src'))
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(root, 'src', name), `import { it } from 'node:test'\n${text}\n`)
  }
  return root
}

function startUnit(root: string): ChildProcess & { said: () => string } {
  // Killed, it leaves its scratch folder: that goes with the tree.
  const env = { ...process.env, TMPDIR: root }
  const child = spawn(process.execPath, [testProgram, 'unit'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return Object.assign(child, { said: () => said })
}

async function runUnit(root: string): Promise<Readonly<{ code: unknown; last: string; said: string }>> {
  const child = startUnit(root)
  const [code] = await once(child, 'close')
  const said = child.said()
  return { code, last: said.trimEnd().split('\n').at(-1) ?? '', said }
}

const good = "it('holds', () => {})"

type Case = Readonly<{ files: Readonly<Record<string, string>>; last: string; code: number; says: RegExp }>

const cases: Readonly<Record<string, Case>> = {
  'a run whose tests pass is good': {
    files: { 'a.test.ts': good },
    last: '1 passed, 0 failed',
    code: 0,
    says: /unit +1 +0 +0/,
  },
  'a failing test fails the run, its suite is not counted again': {
    files: {
      'a.test.ts': `import { describe } from 'node:test'\n${good}
      describe('s', () => { it('breaks', () => { throw new Error('no') }) })`,
    },
    last: '1 passed, 1 failed',
    code: 1,
    says: /breaks/,
  },
  'a run without a test file fails': {
    files: {},
    last: '0 passed, 1 failed',
    code: 1,
    says: /no test file matches/,
  },
  'a test file without a test fails the run': {
    files: { 'a.test.ts': good, 'b.test.ts': '' },
    last: '1 passed, 1 failed',
    code: 1,
    says: /b\.test\.ts: holds no test/,
  },
  'a test skipped without words fails the run': {
    files: { 'a.test.ts': `${good}\nit('waits', (t) => t.skip())` },
    last: '1 passed, 1 failed',
    code: 1,
    says: /waits: skipped, without saying why/,
  },
  'a test that is yet to be written fails the run': {
    files: { 'a.test.ts': `${good}\nit.todo('comes')` },
    last: '1 passed, 1 failed',
    code: 1,
    says: /comes: yet to be written/,
  },
  'a test skipped with words is told and counted': {
    files: { 'a.test.ts': `${good}\nit('waits', (t) => t.skip('needs a moon'))` },
    last: '1 passed, 0 failed, 1 skipped',
    code: 0,
    says: /skipped "waits": needs a moon/,
  },
  'a test that ends the process fails the run': {
    files: { 'a.test.ts': "it('leaves', () => process.exit(0))" },
    last: '0 passed, 1 failed',
    code: 1,
    says: /node ended with code 0 before its tests did/,
  },
  'a file that cannot be read fails the run': {
    files: { 'a.test.ts': good, 'b.test.ts': 'it(' },
    last: '1 passed, 1 failed',
    code: 1,
    says: /b\.test\.ts/,
  },
  'a run of which everything is skipped is not good': {
    files: { 'a.test.ts': "it('waits', (t) => t.skip('needs a moon'))" },
    last: '0 passed, 0 failed, 1 skipped',
    code: 1,
    says: /needs a moon/,
  },
}

describe('the test run', { concurrency: 2 }, () => {
  for (const [name, { files, last, code, says }] of Object.entries(cases)) {
    it(name, async (t) => {
      const run = await runUnit(treeWith(t, files))
      assert.equal(run.last, last, run.said)
      assert.equal(run.code, code, run.said)
      assert.match(run.said, says)
    })
  }

  it('refuses a part it does not know', async (t) => {
    const child = spawn(process.execPath, [testProgram, 'units'], { cwd: treeWith(t, {}), stdio: 'ignore' })
    assert.deepEqual(await once(child, 'close'), [2, null])
  })

  for (const [last, says] of [
    ['setInterval(() => {}, 1000)', /^not done after 5 s, killed; each test ended, so what one opened is/],
    ["it('waits', () => new Promise((done) => setTimeout(done, 60_000)))", /killed; not ended: waits$/],
  ] as const) {
    it(`kills a part that hangs and says where: ${last}`, async (t) => {
      const wish = {
        part: 'unit',
        patterns: ['src/*.test.ts'],
        except: [],
        first: [],
        how: 'together',
        atOnce: 1,
        testLimitMs: limitMs,
        partLimitMs: 5_000,
      } as const
      const outcome = await runTests(wish, treeWith(t, { 'a.test.ts': `${good}\n${last}` }), new Quiet())
      assert.deepEqual([outcome.passed, outcome.failed], [1, 1])
      assert.match(outcome.notes[0] ?? '', says)
    })
  }

  it('counts what several processes come to as one', async (t) => {
    const wish = {
      part: 'unit',
      patterns: ['src/*.test.ts'],
      except: [],
      first: [],
      how: 'together',
      atOnce: 2,
      testLimitMs: limitMs,
      partLimitMs: limitMs,
    } as const
    // The second process has a file without a test, which counts as failed.
    const root = treeWith(t, { 'a.test.ts': good, 'b.test.ts': '', 'c.test.ts': `${good}\n${good}` })
    const { part, passed, failed } = await runTests(wish, root, new Quiet())
    assert.deepEqual({ part, passed, failed }, { part: 'unit', passed: 3, failed: 1 })
  })

  const apart = {
    part: 'lab',
    patterns: ['src/*.test.ts'],
    except: [],
    first: [],
    how: 'apart',
    atOnce: 2,
    testLimitMs: limitMs,
    partLimitMs: limitMs,
  } as const

  it('plays a story that failed again, alone, and names it where it passes then', async (t) => {
    const root = treeWith(t, { 'a.test.ts': good, 'b.test.ts': `${good}\n${failsOnce}` })
    const outcome = await runTests(apart, root, new Quiet())
    assert.deepEqual([outcome.passed, outcome.failed, outcome.unsteady], [3, 0, 1])
    assert.match(
      outcome.notes.join('\n'),
      /^failed beside others and passed alone: "is shaky" of .*b\.test\.ts$/,
    )
    assert.match(verdict([outcome]), /^3 passed, 0 failed, 1 unsteady$/)
  })

  it('begins the longest before the others', async (t) => {
    const notes = `import { appendFileSync } from 'node:fs'
      it('notes itself', () => appendFileSync('order', import.meta.filename.at(-9)))`
    const root = treeWith(t, { 'a.test.ts': notes, 'b.test.ts': notes, 'c.test.ts': notes })
    const outcome = await runTests({ ...apart, first: ['src/b.test.ts'], atOnce: 1 }, root, new Quiet())
    assert.deepEqual([outcome.passed, readFileSync(join(root, 'order'), 'utf8')], [3, 'bac'])
  })

  it('knows the longest by the names that they have', () => {
    const here = join(import.meta.dirname, '../..')
    assert.deepEqual(
      longest.filter((file) => !existsSync(join(here, file))),
      [],
    )
  })

  it('fails a story that fails twice, and all when many fail', async (t) => {
    const twice = await runTests(apart, treeWith(t, { 'a.test.ts': good, 'b.test.ts': bad }), new Quiet())
    assert.deepEqual([twice.passed, twice.failed, twice.unsteady], [1, 1, 0])
    const names = ['a', 'b', 'c', 'd'].map((name) => `${name}.test.ts`)
    const many = treeWith(t, Object.fromEntries(names.map((name) => [name, failsOnce])))
    const { passed, failed } = await runTests(apart, many, new Quiet())
    assert.deepEqual([passed, failed], [0, 4])
  })

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGKILL', null],
  ] as const) {
    it(`leaves nothing running when it is ended by ${signal}`, async (t) => {
      const root = treeWith(t, { 'a.test.ts': endless })
      const child = startUnit(root)
      const pidFile = join(root, 'pid')
      await until(() => existsSync(pidFile))
      const grandchild = Number(readFileSync(pidFile, 'utf8'))
      child.kill(signal)
      const [exit] = await once(child, 'exit')
      await until(() => !isRunning(grandchild))
      assert.equal(exit, code, child.said())
      await until(() => existsSync(join(root, 'asked')))
    })
  }
})

const bad = "it('breaks', () => { throw new Error('no') })"

const failsOnce = `import { existsSync, writeFileSync } from 'node:fs'
  it('is shaky', () => {
    const mark = import.meta.filename + '.mark'
    if (existsSync(mark)) return
    writeFileSync(mark, '')
    throw new Error('once')
  })`

const endless = `import { spawn } from 'node:child_process'
  import { renameSync, writeFileSync } from 'node:fs'
  it('goes on', async () => {
    const { pid } = spawn('sleep', ['1000'])
    process.once('SIGTERM', () => {
      writeFileSync('asked', '')
      process.exit(1)
    })
    writeFileSync('pid~', String(pid))
    renameSync('pid~', 'pid')
    await new Promise((resolve) => setTimeout(resolve, 60_000))
  })`

async function until(holds: () => boolean): Promise<void> {
  for (let waitedMs = 0; !holds(); waitedMs += 20) {
    assert.ok(waitedMs < limitMs, 'waited too long')
    await sleep(20)
  }
}

/** A zombie runs no more; only Linux can tell, elsewhere it is reaped soon. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    const stat = `/proc/${pid}/stat`
    return !existsSync(stat) || readFileSync(stat, 'utf8').split(') ')[1]?.[0] !== 'Z'
  } catch {
    return false
  }
}
