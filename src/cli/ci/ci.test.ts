import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { requireSandbox } from '../../ci/sandbox/system.ts'
import { makeFakeWorld } from '../fake-world.ts'
import { main } from '../main.ts'

const skip = whyNot()

function whyNot(): string | false {
  try {
    requireSandbox()
    return false
  } catch (thrown) {
    return String(thrown)
  }
}

type Files = Readonly<Record<string, string>>

/** A checkout with these files committed, and a way to call `tandem` in it. */
async function checkout(t: TestContext, files: Files) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-checkout-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', dir, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      encoding: 'utf8',
    })
  const write = async (some: Files): Promise<void> => {
    for (const [path, text] of Object.entries(some)) {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), text)
      if (path.startsWith('ci/')) await chmod(join(dir, path), 0o755)
    }
  }
  git('init', '-q', '-b', 'main')
  await write(files)
  git('add', '-A')
  git('commit', '-q', '-m', 'a change')
  const run = async (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const world = makeFakeWorld({ cwd: dir, env })
    const exit = await main(['ci', ...argv], world)
    return { exit, out: world.outs.join('\n'), err: world.errs.join('\n') }
  }
  return { dir, git, write, run }
}

const script = (...lines: readonly string[]): string => `#!/bin/sh\n${lines.join('\n')}\n`
const shop: Files = {
  'ci/build': script('# tandem: output dist', 'mkdir dist', 'cat goods > dist/goods'),
  'ci/test': script(
    '# tandem: needs build',
    'echo ::step look',
    'cat dist/goods',
    'echo ::step end',
    'echo bye',
  ),
  'ci/lint': script('echo looking', 'exit 3'),
  goods: 'bread\n',
}

void test(
  'runs the jobs of the last commit, needs first, with the time of each step',
  { skip },
  async (t) => {
    const { run } = await checkout(t, shop)
    const { exit, out, err } = await run(['test'])
    assert.equal(exit, 0, out + err)
    assert.match(
      out,
      /^build\n[^]*✓ build passed [\d.]+ s\ntest\n[^]*✓ look \d\.\d s\n +✓ end \d\.\d s\n✓ test passed/m,
    )
    assert.doesNotMatch(out, /bread|bye|lint/)
    const whole = await run(['test', '--verbose'])
    assert.match(whole.out, /│ bread\n/)
  },
)

void test('shows what failed in full, and skips what needs it', { skip }, async (t) => {
  const { run } = await checkout(t, { ...shop, 'ci/late': script('# tandem: needs lint', 'echo never') })
  const { exit, out } = await run(['late'])
  assert.equal(exit, 1)
  assert.match(
    out,
    /│ looking\n +exit 3\n✗ lint failed [\d.]+ s\nlate\n✗ late skipped\n2 of 2 jobs did not pass$/,
  )
})

void test('takes the files as they lie when it is told to, and leaves no trace', { skip }, async (t) => {
  const { dir, git, write, run } = await checkout(t, { ...shop, '.gitignore': 'own\n' })
  await write({ goods: 'cake\n', fresh: 'new\n', own: 'mine\n', 'ci/see': script('cat goods; ls') })
  const before = [
    git('status', '--porcelain'),
    git('count-objects'),
    (await readdir(join(dir, '.git'))).join(),
  ]
  const { exit, out } = await run(['see', '--dirty', '--json'])
  assert.equal(exit, 0, out)
  const { outcome, jobs } = JSON.parse(out)
  assert.equal(outcome, 'passed')
  const lines: readonly string[] = jobs[0].steps.flatMap((step: { lines: readonly string[] }) => step.lines)
  assert.deepEqual(lines.slice(1), ['cake', 'ci', 'fresh', 'goods'])
  assert.deepEqual(
    [git('status', '--porcelain'), git('count-objects'), (await readdir(join(dir, '.git'))).join()],
    before,
  )
  const committed = await run(['see'])
  assert.equal(committed.exit, 1)
  assert.match(committed.err, /there is no job 'see'[^]*known: build, lint, test/)
})

void test('takes secrets from the environment, and masks them', { skip }, async (t) => {
  const { run } = await checkout(t, {
    'ci/send': script('# tandem: secrets NPM_TOKEN', 'echo "it is $NPM_TOKEN"'),
  })
  const given = await run(['-v'], { NPM_TOKEN: 'correct horse' })
  assert.equal(given.exit, 0, given.out)
  assert.match(given.out, /│ it is \[secret\]\n/)
  const missing = await run([])
  assert.equal(missing.exit, 1)
  assert.match(missing.out, /send needs the secret NPM_TOKEN[^]*`NPM_TOKEN=… tandem ci send`/)
})

void test('jobs run beside each other, and are shown one after the other', { skip }, async (t) => {
  const { run } = await checkout(t, {
    'ci/a': script('sleep 2; echo a'),
    'ci/b': script('# tandem: retry never', 'echo b; sleep 1; exit 1'),
    'ci/c': script('# tandem: needs a', 'echo c'),
  })
  const { exit, out } = await run(['-v'])
  assert.equal(exit, 1, out)
  assert.match(
    out,
    /^a\n[^]*✗ b failed: shown below, in its turn\n[^]*│ a\n✓ a passed[^]*\nb\n[^]*│ b\n✗ b failed[^]*\nc\n[^]*✓ c passed/m,
  )
})

void test('a job that passes when it is run once more is flaky, which is a pass', { skip }, async (t) => {
  const { run } = await checkout(t, {
    'ci/wavers': script('echo "try $TANDEM_ATTEMPT"', '[ "$TANDEM_ATTEMPT" = 2 ]'),
  })
  const { exit, out } = await run([])
  assert.equal(exit, 0, out)
  assert.match(out, /wavers\n[^]*│ try 1\nwavers, once more\n[^]*✓ wavers flaky/)
  assert.match(out, /1 job passed, 1 only when run once more$/)
  const { outcome, jobs } = JSON.parse((await run(['--json'])).out)
  assert.deepEqual([outcome, jobs.length, jobs[0].outcome, jobs[0].attempt], ['flaky', 1, 'flaky', 2])
  assert.ok(JSON.stringify(jobs[0].steps).includes('try 2'))
})

void test('lists jobs in the order they are run', async (t) => {
  const { run } = await checkout(t, shop)
  assert.match(
    (await run(['--list'])).out,
    /^JOB +NEEDS +FROM\nbuild +ci\/build\nlint +ci\/lint\ntest +build +ci\/test$/,
  )
  const { jobs } = JSON.parse((await run(['test', '--list', '--json'])).out)
  assert.deepEqual(jobs, [
    { name: 'build', needs: [], from: 'ci/build' },
    { name: 'test', needs: ['build'], from: 'ci/test' },
  ])
})

void test('an interrupt stops the job that runs, and lets no other begin', { skip }, async (t) => {
  const { dir } = await checkout(t, {
    'ci/a': script('echo here', 'sleep 60'),
    'ci/b': script('# tandem: needs a', 'echo b'),
  })
  const world = makeFakeWorld({ cwd: dir })
  const running = main(['ci', '-v'], {
    ...world,
    out: (text) => {
      world.out(text)
      if (text.endsWith('│ here')) world.interrupt()
    },
  })
  assert.equal(await running, 130)
  assert.match(world.outs.join('\n'), /✗ a cancelled[^]*\nb\n✗ b cancelled/)
})

void test('says that a folder is no checkout', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-no-checkout-'))
  t.after(() => rm(dir, { recursive: true }))
  const world = makeFakeWorld({ cwd: dir })
  assert.equal(await main(['ci'], world), 1)
  assert.match(world.errs.join('\n'), /git cannot read this checkout[^]*go into a checkout/)
})
