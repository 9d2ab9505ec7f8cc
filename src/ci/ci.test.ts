import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Occurrence } from '../change/occurrence.ts'
import type { TeamConfig } from '../config/config.ts'
import { thisProcess } from '../store/holder.ts'
import { openStore } from '../store/open.ts'
import type { Run } from '../store/runs.ts'
import { type Ci, openCi } from './ci.ts'
import { runDir } from './run/place.ts'
import { requireSandbox } from './sandbox/system.ts'

const skip = whyNot()

function whyNot(): string | false {
  try {
    requireSandbox()
    return false
  } catch (thrown) {
    return String(thrown)
  }
}

const noServices =
  !(existsSync('/usr/lib/postgresql') && existsSync('/usr/bin/redis-server')) &&
  'apt-get install postgresql redis-server'

const secret = 'correct horse battery'
const config = {
  repos: { shop: { protect: ['main'], largestBytes: 1e9, mirrors: [], forge: null, jobs: {} } },
  ci: { parallel: 2, keepMs: 1_000, cachesBytes: 1e9, logsBytes: 1e9, builders: ['builders', 'b1'] },
  apps: {},
} as unknown as TeamConfig

type Signed = Pick<Run, 'id' | 'release' | 'outcome'> & Readonly<{ recorded: number }>

type House = Readonly<{
  ci: Ci
  /** Another hub on the same folder, while the first one is gone. */
  next: () => Promise<Ci>
  commit: (files: Readonly<Record<string, string>>) => Promise<string>
  push: (ci: Ci, ref?: string) => Promise<Run>
  ended: (ci: Ci, run: Run) => Promise<Run>
  /** Looks until the claim holds of the run. */
  until: (ci: Ci, run: Run, claim: (run: Run) => boolean) => Promise<Run>
  text: (ci: Ci, run: Run, job: string, attempt?: number) => Promise<string>
  recorded: readonly Occurrence[]
  /** What was given to be signed, and how many runs were written down before. */
  signed: readonly Signed[]
  state: string
  root: string
}>

/** A repository and a hub's builds, both real. */
async function inHouse(
  play: (house: House) => Promise<void>,
  hosts: TeamConfig['hosts'] = {},
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'tandem-ci-'))
  const repo = join(root, 'shop')
  const recorded: Occurrence[] = []
  const signed: Signed[] = []
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', repo, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      encoding: 'utf8',
    })
  execFileSync('git', ['init', '-q', '-b', 'main', repo])
  const opened: (() => Promise<void>)[] = []
  const open = async (): Promise<Ci> => {
    const store = await openStore(join(root, 'state'))
    const ci = openCi({
      stateDir: join(root, 'state'),
      projectDir: root,
      runs: store.runs,
      // Each hub of a test is a process of its own, as far as the store can tell.
      runner: { ...thisProcess('hub'), started: opened.length === 0 ? thisProcess('hub').started : 1 },
      config: async () => ({ ...config, hosts }),
      repoDir: () => repo,
      secrets: async () => new Map([['TOKEN', secret]]),
      record: async (_repo, happened) => void recorded.push(happened),
      sign: async ({ id, release, outcome }) =>
        void signed.push({ id, release, outcome, recorded: recorded.length }),
      kept: async () => new Set(),
      hidden: [],
      now: Date.now,
      broke: (thrown) => assert.fail(String(thrown)),
    })
    opened.push(async () => {
      await ci.close()
      await store.close()
    })
    return ci
  }
  const until: House['until'] = async (ci, run, claim) => {
    for (let tries = 0; tries < 600; tries += 1) {
      await ci.tick()
      const store = await openStore(join(root, 'state'))
      const now = await store.runs.get(run.id)
      await store.close()
      if (now !== null && claim(now)) return now
      await pause(50)
    }
    return assert.fail(`${run.id}: ${String(claim)} did not come`)
  }
  try {
    await play({
      ci: await open(),
      next: open,
      commit: async (files) => {
        for (const [path, content] of Object.entries(files)) {
          await mkdir(dirname(join(repo, path)), { recursive: true })
          await writeFile(join(repo, path), content)
          if (path.startsWith('ci/')) await chmod(join(repo, path), 0o755)
        }
        git('add', '-A')
        git('commit', '-q', '--allow-empty', '-m', 'a change')
        return git('rev-parse', 'HEAD').trim()
      },
      push: (ci, ref = 'refs/heads/main') => {
        git('update-ref', ref, 'HEAD')
        return ci.order({ repo: 'shop', ref, commit: null, who: 'ada', door: 'git', again: false })
      },
      until,
      ended: (ci, run) => until(ci, run, ({ endedAt }) => endedAt !== null),
      text: async (ci, run, job, attempt) => {
        const { lines } = await ci.log({ run: run.id, job, attempt: attempt ?? null, from: 0 })
        return lines.map((line) => line.text).join('\n')
      },
      recorded,
      signed,
      state: join(root, 'state'),
      root,
    })
  } finally {
    for (const close of opened) await close()
    await rm(root, { recursive: true, force: true })
  }
}

const outcomes = (run: Run): Readonly<Record<string, string | null>> =>
  Object.fromEntries(run.jobs.map(({ name, outcome }) => [name, outcome]))

void test('builds once, and tests what was built', { skip }, () =>
  inHouse(async ({ ci, commit, push, ended, text, recorded, signed, state }) => {
    await commit({
      'ci/build': '#!/bin/sh\n# tandem: output dist\nmkdir dist && echo built > dist/made\n',
      'ci/test': '#!/bin/sh\n# tandem: needs build\necho "::step look"; cat dist/made; ls\n',
    })
    const run = await ended(ci, await push(ci))
    assert.deepEqual(outcomes(run), { build: 'passed', test: 'passed' })
    assert.equal(run.outcome, 'passed')
    assert.match(run.release ?? '', /^[0-9a-f]{64}$/)
    assert.match(await text(ci, run, 'test'), /::step look\nbuilt/)
    assert.deepEqual(
      run.jobs[1]?.steps.map(({ name }) => name),
      ['look'],
    )
    assert.deepEqual(
      recorded.map((happened) => happened.type === 'run-ended' && [happened.outcome, happened.release]),
      [['passed', run.release]],
    )
    const { id, release, outcome } = run
    assert.deepEqual(signed, [{ id, release, outcome, recorded: 0 }])
    const [folder = ''] = await readdir(runDir(state, run.id))
    assert.ok(!existsSync(join(runDir(state, run.id), folder, 'work')))
  }),
)

void test(
  'a job that passes when it is run once more is flaky, one that fails twice has failed',
  { skip },
  () =>
    inHouse(async ({ ci, commit, push, ended, text }) => {
      await commit({
        'ci/sometimes': '#!/bin/sh\necho "try $TANDEM_ATTEMPT"; [ "$TANDEM_ATTEMPT" = 2 ]\n',
        'ci/never': '#!/bin/sh\nexit 3\n',
        'ci/after': '#!/bin/sh\n# tandem: needs never\ntrue\n',
      })
      const run = await ended(ci, await push(ci))
      assert.deepEqual(outcomes(run), { after: 'skipped', never: 'failed', sometimes: 'flaky' })
      assert.equal(run.jobs.find(({ name }) => name === 'never')?.exit, 3)
      assert.equal(run.outcome, 'failed')
      assert.match(await text(ci, run, 'sometimes', 1), /try 1/)
      assert.match(await text(ci, run, 'sometimes'), /try 2/)
    }),
)

void test('secrets are given to protected branches alone, and never shown', { skip }, () =>
  inHouse(async ({ ci, commit, push, ended, text }) => {
    await commit({ 'ci/test': '#!/bin/sh\n# tandem: secrets TOKEN\necho "it is ${TOKEN-missing}"\n' })
    const trusted = await ended(ci, await push(ci))
    assert.match(await text(ci, trusted, 'test'), /it is \[secret\]/)
    const side = await ended(ci, await push(ci, 'refs/heads/side'))
    assert.match(await text(ci, side, 'test'), /it is missing/)
  }),
)

void test('a cache is kept for as long as the files that name it stay the same', { skip }, () =>
  inHouse(async ({ ci, commit, push, ended, text }) => {
    const job =
      '#!/bin/sh\n# tandem: cache deps by lock\nls deps 2>&1\nmkdir -p deps && cp lock deps/$(cat lock)\n'
    await commit({ 'ci/test': job, lock: 'one' })
    const first = await ended(ci, await push(ci))
    assert.match(
      await text(ci, first, 'test'),
      /^deps is not in the cache\n[^]*keep the cache\ndeps is kept: \d+ KiB$/m,
    )
    assert.deepEqual(
      first.jobs[0]?.steps.map(({ name }) => name),
      ['cache', 'keep the cache'],
    )
    await commit({ other: 'x' })
    const second = await text(ci, await ended(ci, await push(ci)), 'test')
    assert.match(second, /deps is from the cache: \d+ KiB\n::endgroup::\none$/)
    await commit({ lock: 'two' })
    assert.match(await text(ci, await ended(ci, await push(ci)), 'test'), /deps is not in the cache/)
  }),
)

void test(
  'a job has the services that it asks for, and their time as a step',
  { skip: skip || noServices },
  () =>
    inHouse(async ({ ci, commit, push, ended, text }) => {
      await commit({
        'ci/test':
          '#!/bin/sh\n# tandem: services postgres redis\necho ::step ask\npsql -tAc "select 40 + 2"; redis-cli -u "$REDIS_URL" ping\n',
      })
      const run = await ended(ci, await push(ci))
      assert.match(await text(ci, run, 'test'), /::step ask\n42\nPONG$/)
      assert.deepEqual(
        run.jobs[0]?.steps.map(({ name }) => name),
        ['services', 'ask'],
      )
    }),
)

void test('a job that fails keeps no cache', { skip }, () =>
  inHouse(async ({ ci, commit, push, ended, text }) => {
    const job = '#!/bin/sh\n# tandem: cache deps by lock\n# tandem: retry never\nmkdir deps; exit 1\n'
    await commit({ 'ci/test': job, lock: 'one' })
    const log = await text(ci, await ended(ci, await push(ci)), 'test')
    assert.match(log, /deps is not in the cache/)
    assert.ok(!log.includes('kept'), log)
    await commit({ 'ci/test': job.replace('exit 1', 'exit 0') })
    assert.match(await text(ci, await ended(ci, await push(ci)), 'test'), /deps is not in the cache/)
  }),
)

void test('what a branch of anybody keeps reaches no other branch', { skip }, () =>
  inHouse(async ({ ci, commit, push, ended, text }) => {
    const job =
      '#!/bin/sh\n# tandem: cache deps by lock\ncat deps/who\nmkdir -p deps; echo "$TANDEM_REF" >> deps/who\n'
    await commit({ 'ci/test': job, lock: 'one' })
    const seen = async (ref: string): Promise<readonly string[]> => {
      await commit({})
      const log = await text(ci, await ended(ci, await push(ci, ref)), 'test')
      return log.split('\n').filter((line) => line.startsWith('refs/'))
    }
    const [main, evil, other] = ['refs/heads/main', 'refs/heads/evil', 'refs/heads/other']
    assert.deepEqual(await seen(evil), [])
    assert.deepEqual(await seen(evil), [evil])
    assert.deepEqual(await seen(other), [])
    assert.deepEqual(await seen(main), [])
    assert.deepEqual(await seen(main), [main])
    // What a protected branch has kept is there for all, but what a branch has kept itself goes first.
    assert.deepEqual(await seen('refs/pull/3/head'), [main])
    assert.deepEqual(await seen(evil), [evil])
  }),
)

void test('a newer push ends the older run of its ref', { skip }, () =>
  inHouse(async ({ ci, commit, push, ended, until }) => {
    await commit({
      'ci/test': '#!/bin/sh\nsleep 60\n',
      'ci/later': '#!/bin/sh\n# tandem: needs test\ntrue\n',
    })
    const old = await push(ci)
    await until(ci, old, (run) => run.jobs.some(({ status }) => status === 'running'))
    await commit({ 'ci/test': '#!/bin/sh\ntrue\n' })
    const young = await push(ci)
    const ended1 = await ended(ci, old)
    assert.deepEqual(outcomes(ended1), { later: 'cancelled', test: 'cancelled' })
    assert.equal(ended1.supersededBy, young.id)
    assert.equal((await ended(ci, young)).outcome, 'passed')
  }),
)

void test('the next hub takes up what a dead one left, and runs nothing twice', { skip }, () =>
  inHouse(async ({ ci, next, commit, push, ended, until, text }) => {
    await commit({
      'ci/test': '#!/bin/sh\necho begun; sleep 2; echo done; exit 0\n',
      'ci/last': '#!/bin/sh\n# tandem: needs test\ntrue\n',
    })
    const run = await push(ci)
    await until(ci, run, ({ jobs }) => jobs.some(({ status }) => status === 'running'))
    await ci.close()
    const other = await next()
    const over = await ended(other, run)
    assert.deepEqual(outcomes(over), { last: 'passed', test: 'passed' })
    assert.ok(over.jobs.every(({ attempt }) => attempt === 1))
    assert.equal((await text(other, run, 'test')).match(/begun/g)?.length, 1)
  }),
)

void test(
  'what cannot be read of a commit fails its run and says why; a commit without jobs passes',
  { skip },
  () =>
    inHouse(async ({ ci, commit, push, ended }) => {
      await commit({ 'ci/test': '#!/bin/sh\n# tandem: needs nobody\ntrue\n' })
      const wrong = await ended(ci, await push(ci))
      assert.equal(wrong.outcome, 'failed')
      assert.match(wrong.trouble?.what ?? '', /nobody/)
      await commit({ 'ci/test': '#!/bin/sh\n' })
      await ci.cancel(wrong.id, 'ada').then(
        () => assert.fail('it was over'),
        (thrown: unknown) => assert.match(String(thrown), /is over already/),
      )
    }),
)

void test('a build may not make a release of what it links to', { skip }, () =>
  inHouse(async ({ ci, commit, push, ended }) => {
    await commit({ 'ci/build': '#!/bin/sh\n# tandem: output dist\n# tandem: retry never\nln -s /etc dist\n' })
    const run = await ended(ci, await push(ci))
    assert.equal(run.outcome, 'failed')
    assert.match(run.jobs[0]?.trouble?.what ?? '', /leads out/)
  }),
)

/** Build hosts that are this machine: what is sent, run and fetched is the same as by SSH. */
const here = { groups: [], vars: {}, via: { kind: 'local' } } as const
const builders = {
  db: { ...here, roles: ['dbs'] },
  b1: { ...here, roles: ['builders'] },
  b2: { ...here, roles: ['builders'] },
}

void test('a job on a build host gets its files there, and what it leaves comes back', { skip }, () =>
  inHouse(async ({ ci, commit, push, ended, text, state }) => {
    const report = '<testsuite><testcase name="one"/></testsuite>'
    await commit({
      'ci/build':
        '#!/bin/sh\n# tandem: on b1\n# tandem: output dist\n# tandem: cache deps by lock\nls deps; mkdir -p dist deps; echo built > dist/made; echo kept > deps/kept\n',
      'ci/test': `#!/bin/sh\n# tandem: needs build\n# tandem: on builders\n# tandem: secrets TOKEN\n# tandem: reports out/**/*.xml\ncat dist/made; echo "$TOKEN"; printf tail; mkdir -p out/a; echo '${report}' > out/a/r.xml; id -u > dist/made; exit 0\n`,
      lock: 'one',
    })
    const run = await ended(ci, await push(ci))
    assert.deepEqual(outcomes(run), { build: 'passed', test: 'passed' }, await text(ci, run, 'build'))
    assert.match(run.release ?? '', /^[0-9a-f]{64}$/)
    assert.equal(run.jobs[0]?.host, 'b1')
    assert.match(await text(ci, run, 'test'), /, at b[12]\n.*\nbuilt\n\[secret\]\ntail$/)
    assert.match(await text(ci, run, 'build'), /deps is kept/)
    await commit({ other: '' })
    const second = await ended(ci, await push(ci))
    assert.match(await text(ci, second, 'build'), /deps is from the cache: [^]*\nkept$/)
    assert.equal(second.release, run.release)
    assert.ok(existsSync(join(state, 'releases', `${run.release}.tar`)))
  }, builders),
)

void test(
  'a job on a build host fails, times out and is cancelled as it is here',
  { skip, timeout: 120_000 },
  () =>
    inHouse(async ({ ci, commit, push, ended, until, text }) => {
      const head = '#!/bin/sh\n# tandem: on b1\n# tandem: retry never\n'
      await commit({
        'ci/fails': `${head}exit 7\n`,
        'ci/slow': `${head}# tandem: limit 6s\ntrap 'echo tidied; exit 0' TERM; sleep 60 & wait\n`,
      })
      const run = await ended(ci, await push(ci))
      assert.deepEqual(outcomes(run), { fails: 'failed', slow: 'timed out' })
      assert.equal(run.jobs.find(({ name }) => name === 'fails')?.exit, 7)
      assert.match(await text(ci, run, 'slow'), /tidied/)
      await commit({ 'ci/slow': `${head}echo begun; sleep 60\n` })
      const other = await push(ci)
      for (let tries = 0; tries < 400 && !(await text(ci, other, 'slow')).includes('begun'); tries += 1) {
        await until(ci, other, () => true)
        await pause(50)
      }
      await ci.cancel(other.id, 'ada')
      assert.equal(outcomes(await ended(ci, other))['slow'], 'cancelled')
    }, builders),
)

void test(
  'a job whose build host loses it is run once more, on another one',
  { skip, timeout: 120_000 },
  () =>
    inHouse(async ({ ci, commit, push, ended, text, root }) => {
      await commit({
        'ci/test':
          '#!/bin/sh\n# tandem: on builders\necho "try $TANDEM_ATTEMPT"; [ "$TANDEM_ATTEMPT" = 2 ] || sleep 60\n',
      })
      const pushed = await push(ci)
      await ci.tick()
      const runs = (host: string): string => join(root, '.tandem', 'hosts', host, 'runs')
      for (let tries = 0; tries < 400 && !(await text(ci, pushed, 'test')).includes('try 1'); tries += 1)
        await pause(50)
      const [first] = readdirSync(runs('b1'))
      const pid = readFileSync(join(runs('b1'), first ?? '', '.pid'), 'utf8').split(' ')[0]
      execFileSync('pkill', ['-KILL', '-s', String(pid)])
      const run = await ended(ci, pushed)
      assert.equal(run.jobs[0]?.outcome, 'passed')
      assert.deepEqual([run.jobs[0]?.attempt, run.jobs[0]?.host], [2, 'b2'])
      assert.match(await text(ci, run, 'test'), /once more, at b2\ntry 2$/)
    }, builders),
)

void test('no commit sends a job to a host that was not given to jobs', { skip }, () =>
  inHouse(async ({ ci, commit, push, ended, text }) => {
    await commit({
      'ci/db': '#!/bin/sh\n# tandem: on dbs\n# tandem: network\necho here\n',
      'ci/none': '#!/bin/sh\n# tandem: on nowhere\necho here\n',
    })
    const run = await ended(ci, await push(ci))
    assert.deepEqual(outcomes(run), { db: 'failed', none: 'failed' })
    assert.match(JSON.stringify(run.jobs[0]?.trouble), /dbs, which no job may run on.*builders: \['dbs'\]/)
    assert.match(JSON.stringify(run.jobs[1]?.trouble), /no host or role of that name/)
    assert.equal(await text(ci, run, 'db'), '')
  }, builders),
)

void test('the next hub takes up a job on a build host as well', { skip }, () =>
  inHouse(async ({ ci, next, commit, push, ended, until, text }) => {
    await commit({ 'ci/test': '#!/bin/sh\n# tandem: on b1\necho begun; sleep 2; echo done\n' })
    const run = await push(ci)
    await until(ci, run, ({ jobs }) => jobs.some(({ status }) => status === 'running'))
    await ci.close()
    const other = await next()
    const over = await ended(other, run)
    assert.deepEqual([over.jobs[0]?.outcome, over.jobs[0]?.attempt, over.jobs[0]?.host], ['passed', 1, 'b1'])
    assert.match(await text(other, run, 'test'), /\nbegun\ndone$/)
  }, builders),
)

void test('runs are forgotten when their time is over', { skip }, () =>
  inHouse(async ({ ci, commit, push, ended, state }) => {
    await commit({ 'ci/test': '#!/bin/sh\ntrue\n' })
    const run = await ended(ci, await push(ci))
    await pause(1_100)
    await ci.sweep()
    assert.ok(!existsSync(runDir(state, run.id)))
    await assert.rejects(ci.again(run.id, 'ada', 'cli'), /there is no run/)
  }),
)
